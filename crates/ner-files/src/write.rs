use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::FileError;

/// How the names of files begin that are being written.
const PREFIX: &str = ".writing-";

/// Creates or replaces the file with the bytes that `fill` writes; leaves it as it was if anything fails. Missing
/// folders on the way are made.
///
/// The file is written under a temporary name beside its place and renamed, so that a reader never sees half of it. A
/// path that is not an ordinary file, such as a pipe, is written to directly.
pub fn write<E: From<FileError>>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let io_error = FileError::io(path);
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut file = BufWriter::new(File::create(path).map_err(&io_error)?);
        fill(&mut file)?;
        return Ok(file.flush().map_err(io_error)?);
    }
    // A link stays a link: the file that it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut file = BufWriter::new(temporary_beside(&target).map_err(&io_error)?);
    fill(&mut file)?;
    let file = file.into_inner().map_err(|error| io_error(error.into_error()))?;
    // Not synchronised with the disk, unlike a directory: a command that wrote a file can be run again after a loss of
    // power, and waiting for the disk would cost a conversion of a thousand files some seconds.
    file.persist(&target).map_err(|error| io_error(error.error))?;
    Ok(())
}

/// The folder that a path stands in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a path is named as a file that [`write`] has not finished.
pub(crate) fn is_unfinished(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}

fn temporary_beside(target: &Path) -> io::Result<NamedTempFile> {
    let folder = parent(target);
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    // A temporary file is private by default; this one is to become an ordinary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.txt");
        write::<FileError>(&path, |file| file.write_all(b"old").map_err(FileError::io(&path))).unwrap();
        let failed = write(&path, |file| {
            file.write_all(b"half").map_err(FileError::io(&path))?;
            Err(FileError::NoArchive { path: path.clone() })
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write::<FileError>(&link, |file| file.write_all(b"new").map_err(FileError::io(&link))).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}
