//! A process that dies while it replaces a directory.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ner_files::{FileError, replace_directory};

/// In the environment of the process that is to die: the directory that it replaces.
const DYING: &str = "NER_FILES_DYING";

#[test]
fn a_process_that_dies_leaves_the_old_directory_and_the_next_one_clears_up() {
    if let Some(path) = std::env::var_os(DYING) {
        let died = replace_directory::<FileError>(&PathBuf::from(path), |new| {
            new.write("file", b"half")?;
            // Like a kill, this runs no destructors.
            std::process::exit(9)
        });
        died.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    replace_directory::<FileError>(&path, |new| new.write("file", b"old")).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    let status = command.env(DYING, &path).status().unwrap();
    assert_eq!(status.code(), Some(9));
    let n_entries = || fs::read_dir(folder.path()).unwrap().count();
    assert_eq!((n_entries(), fs::read(path.join("file")).unwrap()), (2, b"old".to_vec()));
    replace_directory::<FileError>(&path, |new| new.write("file", b"new")).unwrap();
    assert_eq!((n_entries(), fs::read(path.join("file")).unwrap()), (1, b"new".to_vec()));
}
