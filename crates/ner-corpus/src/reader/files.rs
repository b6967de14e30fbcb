use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::CorpusError;

/// A path out of a config, and the key that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConfigPath {
    pub(super) path: PathBuf,
    pub(super) key: String,
}

impl ConfigPath {
    /// The path itself if it is a file that has one of the suffixes; of a folder, all files below it that have the
    /// first one, hidden ones left out, sorted. Fails if there is none (spaCy's W090).
    pub(super) fn files(&self, suffixes: &[&str]) -> Result<Vec<PathBuf>, CorpusError> {
        let ConfigPath { path, key } = self;
        let Ok(metadata) = fs::metadata(path) else {
            return Err(CorpusError::MissingPath { path: path.clone(), key: key.clone() });
        };
        let mut files = Vec::new();
        if metadata.is_dir() {
            collect(path, suffixes[0], &mut files, &mut HashSet::new())?;
            files.sort_unstable();
        } else if suffixes.iter().any(|suffix| has_suffix(path.as_os_str(), suffix)) {
            files.push(path.clone());
        }
        if files.is_empty() {
            let problem = if metadata.is_dir() {
                format!("no {} file is in this folder or below it", suffixes[0])
            } else {
                format!(
                    "the name of this file does not say how to read it; it would have to end in {}",
                    suffixes.join(", ")
                )
            };
            return Err(CorpusError::NothingToRead { path: path.clone(), problem, key: key.clone() });
        }
        Ok(files)
    }
}

fn has_suffix(name: &OsStr, suffix: &str) -> bool {
    name.as_encoded_bytes().ends_with(suffix.as_bytes())
}

/// Adds the files below a folder. A folder that links lead to twice is entered once.
fn collect(
    folder: &Path,
    suffix: &str,
    files: &mut Vec<PathBuf>,
    seen: &mut HashSet<PathBuf>,
) -> Result<(), CorpusError> {
    let io_error = CorpusError::io(folder);
    if !seen.insert(fs::canonicalize(folder).map_err(&io_error)?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(&io_error)? {
        let entry = entry.map_err(&io_error)?;
        let (name, path) = (entry.file_name(), entry.path());
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if path.is_dir() {
            collect(&path, suffix, files, seen)?;
        } else if has_suffix(&name, suffix) {
            files.push(path);
        }
    }
    Ok(())
}
