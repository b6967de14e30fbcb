use std::fs::{File, TryLockError};
use std::path::Path;

use crate::FileError;

/// A directory that no other process may lock for now. The system releases the lock when it is dropped, and when the
/// process is killed.
#[derive(Debug)]
pub struct DirectoryLock(#[expect(dead_code, reason = "it is held for its lock")] Option<File>);

impl DirectoryLock {
    /// Locks an existing directory.
    ///
    /// The directory itself is locked, so that no file is left in it. Windows opens no directories, and some network file
    /// systems know no locks: there nothing is locked.
    ///
    /// # Errors
    /// [`FileError::Locked`] if another process holds the lock.
    pub fn acquire(path: &Path) -> Result<DirectoryLock, FileError> {
        let Ok(directory) = File::open(path) else { return Ok(DirectoryLock(None)) };
        match directory.try_lock() {
            Ok(()) => Ok(DirectoryLock(Some(directory))),
            Err(TryLockError::WouldBlock) => Err(FileError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(_)) => Ok(DirectoryLock(None)),
        }
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
        DirectoryLock::acquire(folder.path()).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}
