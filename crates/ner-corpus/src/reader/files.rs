use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use ner_formats::storage;

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
            files = storage::files_below(path)?;
            files.retain(|file| has_suffix(file.as_os_str(), suffixes[0]));
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
