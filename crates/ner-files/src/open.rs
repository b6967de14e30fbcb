use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::FileError;

/// Opens a file for buffered reading.
pub fn open(path: &Path) -> Result<BufReader<File>, FileError> {
    File::open(path).map(BufReader::new).map_err(FileError::io(path))
}
