use std::path::{Path, PathBuf};

use ner_files::FileError;
use ner_thinc::ThincError;
use thiserror::Error;

/// Why an encoder cannot be found, read or downloaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HubError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A setting of an encoder is not what this program computes.
    #[error("{key}: found {found}, expected {expected}: {mend}")]
    Setting {
        /// The key of `config.json`.
        key: String,
        /// Its value.
        found: String,
        /// What it may be.
        expected: String,
        /// What to do.
        mend: String,
    },
    /// Something is wrong with what a file contains.
    #[error("{}: {cause}", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: Box<HubError>,
    },
    /// A file is not what it should be.
    #[error("found {found}, expected {expected}: {mend}")]
    Content {
        /// What the file has.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        mend: String,
    },
    /// The weights of PyTorch cannot be read.
    #[error("{0}")]
    Thinc(#[from] ThincError),
}

impl HubError {
    /// The same error, said of a file.
    pub fn in_file(self, path: &Path) -> HubError {
        HubError::In { path: path.to_owned(), cause: Box::new(self) }
    }

    pub(crate) fn content(
        found: impl Into<String>,
        expected: impl Into<String>,
        mend: impl Into<String>,
    ) -> HubError {
        HubError::Content { found: found.into(), expected: expected.into(), mend: mend.into() }
    }
}
