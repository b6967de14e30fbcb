use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::FileError;
use crate::write::is_unfinished;

/// A directory that no other process may lock for now. The system releases the lock when it is dropped, and when the
/// process is killed.
#[derive(Debug)]
pub struct DirectoryLock(#[expect(dead_code, reason = "it is held for its lock")] Option<File>);

impl DirectoryLock {
    /// Locks an existing directory. Files that a killed process was writing there are removed, which nobody else can do: of a
    /// file that has no lock nobody knows whether it is being written.
    ///
    /// The directory itself is locked, so that no file is left in it. Windows opens no directories, and some network file
    /// systems know no locks: there nothing is locked.
    ///
    /// # Errors
    /// [`FileError::Locked`] if another process holds the lock.
    pub fn acquire(path: &Path) -> Result<DirectoryLock, FileError> {
        let Ok(directory) = File::open(path) else { return Ok(DirectoryLock(None)) };
        match directory.try_lock() {
            Ok(()) => {
                remove_unfinished(path);
                Ok(DirectoryLock(Some(directory)))
            }
            Err(TryLockError::WouldBlock) => Err(FileError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(_)) => Ok(DirectoryLock(None)),
        }
    }
}

fn remove_unfinished(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for unfinished in entries.flatten().map(|entry| entry.path()).filter(|path| is_unfinished(path)) {
        // What cannot be removed is in nobody's way.
        let _ = fs::remove_file(unfinished);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_locked_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::acquire(folder.path()).unwrap();
        let error = DirectoryLock::acquire(folder.path()).unwrap_err().to_string();
        assert!(error.contains("another process"), "{error}");
        drop(lock);
        fs::write(folder.path().join(".writing-x7Kq2w"), "half").unwrap();
        DirectoryLock::acquire(folder.path()).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
