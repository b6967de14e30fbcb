use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

use ner_files::FileError;

use crate::VectorsError;

/// What stands behind the tokens of a document.
pub(crate) const END: u32 = u32::MAX;

/// The numbers of a text as they are read.
pub(crate) struct Ids {
    path: PathBuf,
    file: BufReader<File>,
    n_forms: u32,
    bytes: Vec<u8>,
}

impl Ids {
    /// Opens the file at the number `from`.
    pub(super) fn open(path: PathBuf, from: u64, n_forms: u32) -> Result<Ids, VectorsError> {
        let mut file = ner_files::open(&path)?;
        file.seek(SeekFrom::Start(4 * from)).map_err(FileError::io(&path))?;
        Ok(Ids { path, file, n_forms, bytes: Vec::new() })
    }

    /// Replaces `block` by the next `n` numbers, or those that are left.
    pub(crate) fn read(&mut self, n: usize, block: &mut Vec<u32>) -> Result<(), VectorsError> {
        self.bytes.clear();
        let mut part = self.file.by_ref().take(4 * n as u64);
        part.read_to_end(&mut self.bytes).map_err(FileError::io(&self.path))?;
        block.clear();
        block.extend(self.bytes.as_chunks::<4>().0.iter().map(|&bytes| u32::from_le_bytes(bytes)));
        match block.iter().find(|&&id| id >= self.n_forms && id != END) {
            None => Ok(()),
            Some(id) => {
                let problem = format!("it has the number {id}, expected numbers below {}", self.n_forms);
                Err(VectorsError::Damaged { path: self.path.clone(), problem })
            }
        }
    }
}
