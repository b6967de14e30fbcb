use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::FileError;

/// How a pointer of Git LFS begins: what stands in place of a file that was cloned and not downloaded.
const LFS_POINTER: &[u8] = b"version https://git-lfs";

/// Whether a file that begins with `bytes` is a pointer of Git LFS in place of the file itself.
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(LFS_POINTER)
}

/// Opens a file for buffered reading.
///
/// # Errors
/// If it cannot be read, or is a pointer of Git LFS.
pub fn open(path: &Path) -> Result<BufReader<File>, FileError> {
    let mut file = File::open(path).map(BufReader::new).map_err(FileError::io(path))?;
    // The buffer is filled and nothing is taken from it, so that this works for a pipe too.
    match is_lfs_pointer(file.fill_buf().map_err(FileError::io(path))?) {
        true => Err(FileError::LfsPointer { path: path.to_owned() }),
        false => Ok(file),
    }
}

/// The bytes of a file, as [`open`] opens it.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(FileError::io(path))?;
    Ok(bytes)
}

/// A text in UTF-8 without the byte order mark that some editors put before it.
pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_of_git_lfs_is_not_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        std::fs::write(&path, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n").unwrap();
        for error in [open(&path).map(drop).unwrap_err(), read(&path).map(drop).unwrap_err()] {
            assert!(error.to_string().contains("git lfs pull"), "{error}");
        }
        for text in ["", "version", "version of something else"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap(), text.as_bytes());
        }
    }
}
