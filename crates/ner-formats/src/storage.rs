//! The one place that opens and writes corpus files. A file is written under a temporary name and renamed once it
//! is complete, so that a reader never sees half of one.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::FormatError;

/// Opens a file for buffered reading.
pub fn open(path: &Path) -> Result<BufReader<File>, FormatError> {
    File::open(path).map(BufReader::new).map_err(FormatError::io(path))
}

/// Creates or replaces the file with what `write` writes; leaves it as it was if anything fails. Missing folders
/// on the way are made. Pipes and the like, which are not ordinary files, are written to directly.
pub fn write<E: From<FormatError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let io_error = FormatError::io(path);
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut file = BufWriter::new(File::create(path).map_err(&io_error)?);
        write(&mut file)?;
        return Ok(file.flush().map_err(io_error)?);
    }
    // A link stays a link: what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = BufWriter::new(temporary_beside(&target).map_err(&io_error)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(|error| io_error(error.into_error()))?;
    file.persist(&target).map_err(|error| io_error(error.error))?;
    Ok(())
}

/// All files of a folder and of those below it, sorted. Hidden ones are left out, and a folder that links lead to twice
/// is entered once.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, FormatError> {
    let mut files = Vec::new();
    collect(folder, &mut files, &mut HashSet::new())?;
    files.sort_unstable();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, seen: &mut HashSet<PathBuf>) -> Result<(), FormatError> {
    let io_error = FormatError::io(folder);
    if !seen.insert(fs::canonicalize(folder).map_err(&io_error)?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(&io_error)? {
        let entry = entry.map_err(&io_error)?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if path.is_dir() { collect(&path, files, seen)? } else { files.push(path) }
    }
    Ok(())
}

fn temporary_beside(target: &Path) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".part");
    // A temporary file is private by default; this one is to become an ordinary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::ConvertError;

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.txt");
        write::<FormatError>(&path, |file| file.write_all(b"old").map_err(FormatError::io(&path))).unwrap();
        let failed = write::<FormatError>(&path, |file| {
            file.write_all(b"half").map_err(FormatError::io(&path))?;
            Err(ConvertError::BinaryToStream.into())
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
