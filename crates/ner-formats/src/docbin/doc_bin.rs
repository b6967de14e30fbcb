use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ner_doc::{Attribute, Vocab};

use super::error::malformed;
use super::unpack::unpack;
use super::{DocBinError, Docs};
use crate::{FormatError, Place, storage};

/// An unpacked `.spacy` file, before its rows become documents.
#[derive(Debug)]
pub struct DocBin {
    pub(super) file: Arc<Path>,
    /// Ids of the columns in order.
    pub(super) attributes: Vec<u64>,
    /// [tokens, attributes] little-endian u64, the tokens of all documents in a row.
    pub(super) tokens: Vec<u8>,
    /// One byte a token.
    pub(super) spaces: Vec<u8>,
    pub(super) lengths: Vec<usize>,
    pub(super) strings: Vec<String>,
    pub(super) cats: Vec<Vec<(String, f64)>>,
    pub(super) has_unknown_spaces: Vec<bool>,
    pub(super) span_groups: Vec<Vec<u8>>,
    pub(super) user_data: Vec<Vec<u8>>,
}

impl DocBin {
    /// Reads and unpacks a file. Fails if it cannot be read or is damaged.
    pub fn open(path: &Path) -> Result<DocBin, FormatError> {
        DocBin::read(storage::open(path)?, path)
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
        unpack(bytes, file.clone())
            .map_err(|problem| FormatError::DocBin { place: Place::file(file), problem })
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// The documents, with ids of `vocab`, which learns the strings of their annotation.
    pub fn into_docs(self, vocab: Arc<Vocab>) -> Docs {
        Docs::new(self, vocab)
    }

    /// Checks that the fields fit together.
    pub(super) fn check(&self) -> Result<(), DocBinError> {
        if !self.attributes.contains(&Attribute::ORTH.id()) {
            return Err(malformed("attrs", "no column 65 (ORTH)", "the words among the columns"));
        }
        let row = self.attributes.len() * size_of::<u64>();
        if !self.tokens.len().is_multiple_of(row) {
            let found = format!("{} bytes", self.tokens.len());
            return Err(malformed("tokens", found, "8 bytes for each token and column"));
        }
        for (field, found) in [
            ("cats", self.cats.len()),
            ("flags", self.has_unknown_spaces.len()),
            ("span_groups", self.span_groups.len()),
        ] {
            if found < self.len() {
                return Err(DocBinError::TooFewEntries { field, found, expected: self.len() });
            }
        }
        let (claimed, found) = (self.lengths.iter().sum::<usize>(), self.tokens.len() / row);
        if claimed != found {
            // spaCy: _serialize.py cuts slices that silently come out short.
            tracing::warn!(file = %self.file.display(), claimed, found, "The lengths do not add up to the tokens.");
        }
        Ok(())
    }
}
