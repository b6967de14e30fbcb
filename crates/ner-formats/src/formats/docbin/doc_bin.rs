use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ner_vocab::Vocab;

use super::Docs;
use super::columns::Columns;
use super::unpack::unpack;
use crate::{FormatError, Place};

/// An unpacked `.spacy` file.
#[derive(Debug)]
pub struct DocBin(Columns);

impl DocBin {
    /// Reads and unpacks a file. Fails if it cannot be read or is damaged.
    pub fn open(path: &Path) -> Result<DocBin, FormatError> {
        DocBin::read(ner_files::open(path)?, path)
    }

    /// Unpacks what `reader` gives to its end; `file` is its name in errors.
    pub fn read(mut reader: impl Read, file: impl Into<Arc<Path>>) -> Result<DocBin, FormatError> {
        let file = file.into();
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(FormatError::io(&file))?;
        DocBin::from_bytes(&bytes, file)
    }

    /// Unpacks the bytes of a file; `file` is its name in errors.
    pub fn from_bytes(bytes: &[u8], file: impl Into<Arc<Path>>) -> Result<DocBin, FormatError> {
        let file = file.into();
        match unpack(bytes, file.clone()) {
            Ok(columns) => Ok(DocBin(columns)),
            Err(problem) => Err(FormatError::DocBin { place: Place::file(file), problem }),
        }
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.0.n_docs()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The documents, with ids of `vocab`, to which the strings of their annotation are added.
    pub fn into_docs(self, vocab: Arc<Vocab>) -> Docs {
        Docs::new(self.0, vocab)
    }
}
