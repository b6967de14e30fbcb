use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::FileError;
use crate::write::{is_unfinished, parent};

/// How the names of staging folders begin.
const PREFIX: &str = ".saving-";

/// The file by which a process shows that it lives: the system releases the lock of one that is killed. Neither the
/// age of a folder nor the number of a process would do, since a save may take long and numbers are used again.
const LOCK: &str = "lock";
const NEW: &str = "new";
const OLD: &str = "old";

/// A hidden folder beside a directory that is to be replaced, and so on the same file system, where a rename does
/// not copy. It is removed at the end.
///
/// | path | holds |
/// |---|---|
/// | `.saving-x7Kq2w/lock` | nothing; it is locked while the process that writes the folder lives |
/// | `.saving-x7Kq2w/new/NAME` | the new directory, until it takes its place |
/// | `.saving-x7Kq2w/old/NAME` | the old one, between two renames |
#[derive(Debug)]
pub(crate) struct Staging {
    /// Released before the folder is removed: Windows removes no folder with an open file.
    _lock: Option<File>,
    folder: TempDir,
    /// The directory within `new` and `old`, named as the one that is replaced, so that [`sweep`] knows which that is.
    name: OsString,
}

impl Staging {
    /// A staging folder to replace the directory `path`.
    pub(crate) fn beside(path: &Path) -> Result<Staging, FileError> {
        let name = path.file_name().ok_or_else(|| {
            let message = "expected a path that ends in the name of a directory";
            FileError::io(path)(io::Error::new(ErrorKind::InvalidInput, message))
        })?;
        let in_parent = FileError::io(parent(path));
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent(path)).map_err(&in_parent)?;
        let lock = lock(folder.path()).map_err(in_parent)?;
        Ok(Staging { _lock: lock, folder, name: name.into() })
    }

    /// Where the new directory is to be written.
    pub(crate) fn new_directory(&self) -> PathBuf {
        self.folder.path().join(NEW).join(&self.name)
    }

    fn old_directory(&self) -> PathBuf {
        self.folder.path().join(OLD).join(&self.name)
    }

    /// Puts the new directory in the place of the old one, which is removed with the staging folder.
    pub(crate) fn put_in_place(mut self, path: &Path) -> Result<(), FileError> {
        // The exchange fails where there is no old directory and where the file system knows no such operation (NFS).
        // Two renames do in both cases, and give the reason where they do not.
        exchange(&self.new_directory(), path).or_else(|_| self.rename_in_turn(path))?;
        empty(self.folder.path());
        Ok(())
    }

    fn rename_in_turn(&mut self, path: &Path) -> Result<(), FileError> {
        let (new, old) = (self.new_directory(), self.old_directory());
        let in_place = FileError::io(path);
        let is_there = path.symlink_metadata().is_ok();
        if is_there {
            fs::create_dir_all(parent(&old)).and_then(|()| fs::rename(path, &old)).map_err(&in_place)?;
        }
        let Err(source) = fs::rename(&new, path) else { return Ok(()) };
        if is_there && fs::rename(&old, path).is_err() {
            // The only copy of the old directory must not go with the folder.
            self.folder.disable_cleanup(true);
            return Err(FileError::Displaced { path: path.to_owned(), old, source });
        }
        Err(in_place(source))
    }
}

/// Lets two paths change their meaning in one step, as no sequence of renames can.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Removes what a staging folder holds, but for its lock: of a process that is killed in the midst of it, the next
/// [`sweep`] then finds the lock, and the rest.
fn empty(folder: &Path) {
    for part in [NEW, OLD] {
        // What cannot be removed now stays with the folder.
        let _ = fs::remove_dir_all(folder.join(part));
    }
}

/// Creates the lock of a staging folder; none on a file system without locks.
fn lock(folder: &Path) -> io::Result<Option<File>> {
    // The file gets its name once it is locked, so that nobody finds it free between the two steps.
    let unlocked = folder.join("unlocked");
    let file = File::create(&unlocked)?;
    if file.try_lock().is_err() {
        return Ok(None);
    }
    fs::rename(unlocked, folder.join(LOCK))?;
    Ok(Some(file))
}

/// Whether a path is named as what [`replace_directory`](crate::replace_directory) and [`write`](crate::write()) write to for
/// a while, and leave behind if they are killed.
pub fn is_leftover(path: &Path) -> bool {
    is_unfinished(path) || is_staging(path)
}

fn is_staging(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}

/// Removes the folders that killed calls of [`replace_directory`](crate::replace_directory) left in a folder. If
/// one was killed between its two renames, its new directory takes its place.
///
/// A folder whose lock is held belongs to a living process and is left alone; so is one without a lock, of which
/// nobody can know.
pub fn sweep(folder: &Path) -> Result<(), FileError> {
    // A folder that cannot be listed is not a reason to fail: whoever goes on to write in it will find out.
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for leftover in entries.flatten().map(|entry| entry.path()).filter(|path| is_staging(path)) {
        let lock = File::open(leftover.join(LOCK));
        let Some(lock) = lock.ok().filter(|lock| lock.try_lock().is_ok()) else { continue };
        finish(&leftover, folder)?;
        empty(&leftover);
        drop(lock);
        // If it cannot be removed now, the next call tries again.
        let _ = fs::remove_dir_all(&leftover);
    }
    Ok(())
}

/// Takes the last step of a replacement that was interrupted before it. That the old directory was moved aside shows
/// that the new one was complete, and that nothing has its place shows that the step is still to be taken.
fn finish(leftover: &Path, folder: &Path) -> Result<(), FileError> {
    let Ok(entries) = fs::read_dir(leftover.join(NEW)) else { return Ok(()) };
    for name in entries.flatten().map(|entry| entry.file_name()) {
        let (new, old, place) =
            (leftover.join(NEW).join(&name), leftover.join(OLD).join(&name), folder.join(&name));
        if old.exists() && place.symlink_metadata().is_err() {
            fs::rename(new, &place).map_err(FileError::io(&place))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with an old directory `model`, and a staging folder with the new one.
    fn staged(folder: &Path) -> (PathBuf, Staging) {
        let path = folder.join("model");
        let staging = Staging::beside(&path).unwrap();
        for (directory, content) in [(&path, "old"), (&staging.new_directory(), "new")] {
            fs::create_dir_all(directory).unwrap();
            fs::write(directory.join("file"), content).unwrap();
        }
        (path, staging)
    }

    /// What a killed process leaves: the folder, and a lock that is free.
    fn kill(staging: Staging) -> PathBuf {
        let Staging { _lock, folder, .. } = staging;
        folder.keep()
    }

    #[track_caller]
    fn check(path: &Path, content: &str) {
        assert_eq!(fs::read_to_string(path.join("file")).unwrap(), content);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "something is left beside");
    }

    #[test]
    fn both_ways_of_replacing_leave_the_new_directory_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        staging.put_in_place(&path).unwrap();
        check(&path, "new");
        let (path, mut staging) = staged(folder.path());
        staging.rename_in_turn(&path).unwrap();
        drop(staging);
        check(&path, "new");
    }

    #[test]
    fn a_failed_rename_gives_the_old_directory_its_name_back() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        fs::remove_dir_all(staging.new_directory()).unwrap();
        assert!(staging.put_in_place(&path).is_err());
        check(&path, "old");
    }

    #[test]
    fn a_replacement_killed_between_its_renames_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        let old = staging.old_directory();
        kill(staging);
        fs::create_dir(parent(&old)).unwrap();
        fs::rename(&path, old).unwrap();
        sweep(folder.path()).unwrap();
        check(&path, "new");
    }

    #[test]
    fn a_replacement_killed_before_or_after_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        kill(staging);
        sweep(folder.path()).unwrap();
        check(&path, "old");

        let (path, staging) = staged(folder.path());
        let (new, old) = (staging.new_directory(), staging.old_directory());
        kill(staging);
        fs::create_dir(parent(&old)).unwrap();
        fs::rename(&path, old).unwrap();
        fs::rename(new, &path).unwrap();
        sweep(folder.path()).unwrap();
        check(&path, "new");
    }

    #[test]
    fn an_unfinished_directory_never_gets_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        fs::remove_dir_all(&path).unwrap();
        kill(staging);
        sweep(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_folder_of_a_living_process_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (path, staging) = staged(folder.path());
        sweep(folder.path()).unwrap();
        staging.put_in_place(&path).unwrap();
        check(&path, "new");
        let unknown = folder.path().join(".saving-abc");
        fs::create_dir(&unknown).unwrap();
        sweep(folder.path()).unwrap();
        assert!(unknown.is_dir() && is_leftover(&unknown));
    }
}
