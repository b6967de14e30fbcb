use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use ner_config::{Builder, ConfigError};
use ner_formats::{Format, FormatError, suffix};

use crate::CorpusError;

/// A path out of a config, and the key that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConfigPath {
    pub(super) path: PathBuf,
    pub(super) key: String,
}

impl ConfigPath {
    /// The path that a reader's block names. Fails if it names none (spaCy's E913).
    pub(super) fn from_config(path: Option<String>, builder: &Builder) -> Result<ConfigPath, ConfigError> {
        // In `[corpora]` paths are variables of `[paths]`, which the command line sets.
        let key = match builder.path().strip_prefix("corpora.") {
            Some(name) => format!("corpora.{name}.path (or --paths.{name})"),
            None => format!("{}.path", builder.path()),
        };
        match path {
            Some(path) => Ok(ConfigPath { path: path.into(), key }),
            None => Err(builder.failed(CorpusError::NoPath { key })),
        }
    }

    /// The annotated files: the path itself, or of a folder all files below it that end in `.spacy`, or else all those of
    /// the one other suffix that is of a format. Fails if there is none, or suffixes are mixed.
    pub(super) fn annotated_files(&self) -> Result<Vec<PathBuf>, CorpusError> {
        let ConfigPath { path, key } = self;
        if !path.is_dir() {
            return match path.exists() {
                true => Ok(vec![path.clone()]),
                false => Err(CorpusError::MissingPath { path: path.clone(), key: key.clone() }),
            };
        }
        let mut files = ner_files::files_below(path).map_err(FormatError::from)?;
        // spaCy: a folder is searched for these alone, whatever else lies in it (training/corpus.py).
        if files.iter().any(|file| has_suffix(file.as_os_str(), ".spacy")) {
            files.retain(|file| has_suffix(file.as_os_str(), ".spacy"));
            return Ok(files);
        }
        files.retain(|file| Format::of_suffix(&suffix(file)).is_some());
        let mut suffixes: Vec<_> = files.iter().map(|file| suffix(file)).collect();
        suffixes.sort();
        suffixes.dedup();
        let problem = match suffixes.as_slice() {
            [_] => return Ok(files),
            [] => "no .spacy file, nor one of another format that is read, is in this folder or below it"
                .to_owned(),
            _ => {
                format!("the folder holds files of several kinds ({}); name one of them", suffixes.join(", "))
            }
        };
        Err(CorpusError::NothingToRead { path: path.clone(), problem, key: key.clone() })
    }

    /// The path itself if it is a file that has one of the suffixes; of a folder, all files below it that have the
    /// first one, hidden ones left out, sorted. Fails if there is none (spaCy's W090).
    pub(super) fn files(&self, suffixes: &[&str]) -> Result<Vec<PathBuf>, CorpusError> {
        let ConfigPath { path, key } = self;
        let Ok(metadata) = fs::metadata(path) else {
            return Err(CorpusError::MissingPath { path: path.clone(), key: key.clone() });
        };
        let mut files = Vec::new();
        if metadata.is_dir() {
            files = ner_files::files_below(path).map_err(FormatError::from)?;
            // spaCy: a folder is searched for files of one kind, whatever else lies in it (training/corpus.py).
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
