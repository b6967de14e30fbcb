use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::FileError;

/// The paths of what a folder holds, sorted; hidden entries are left out.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(FileError::io(folder))? {
        let entry = entry.map_err(FileError::io(folder))?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    // The order of a listing differs between file systems, and results must not.
    paths.sort_unstable();
    Ok(paths)
}

/// All files of a folder and of those below it, sorted. Hidden ones are left out, and a folder that several links lead
/// to is entered once.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    collect(folder, &mut files, &mut HashSet::new())?;
    files.sort_unstable();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, seen: &mut HashSet<PathBuf>) -> Result<(), FileError> {
    // Without this a link to a folder above would be followed until the path is too long for the system.
    if !seen.insert(fs::canonicalize(folder).map_err(FileError::io(folder))?) {
        return Ok(());
    }
    for path in entries(folder)? {
        if path.is_dir() { collect(&path, files, seen)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_and_hidden_ones_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b/z", "b/a", "a", "c/.git/x", ".hidden"] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), "").unwrap();
        }
        assert_eq!(files_below(folder.path()).unwrap(), ["a", "b/a", "b/z"].map(path));
        assert_eq!(entries(folder.path()).unwrap(), ["a", "b", "c"].map(path));
        let error = entries(&path("missing")).unwrap_err().to_string();
        assert!(error.contains("missing: "), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_back_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        assert_eq!(files_below(folder.path()).unwrap(), [folder.path().join("a")]);
    }
}
