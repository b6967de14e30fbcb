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
    /// An encoder is in none of the places that were looked at.
    #[error(
        "no encoder {name:?} was found; looked at {}: give the folder that has its config.json, put the encoder's files into one \
         of these places, or get them with `ner download-encoder {name}`",
        listed(places)
    )]
    Nowhere {
        /// What was asked for.
        name: String,
        /// The places, in order.
        places: Vec<PathBuf>,
    },
    /// A name cannot be that of a folder or of an encoder of a hub.
    #[error(
        "found the name {name:?}, expected a folder, or a name such as \"bert-base-uncased\" or \"organisation/name\""
    )]
    Name {
        /// What was asked for.
        name: String,
    },
    /// A folder lacks files of an encoder.
    #[error("{}: found {found}, expected {expected}: {mend}", folder.display())]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// What it has.
        found: String,
        /// What an encoder needs.
        expected: String,
        /// What to do.
        mend: String,
    },
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
    /// Weights are missing, or have other shapes than the settings say.
    #[error(
        "the weights do not fit the settings in {} places: {}{}: config.json and the weights are of different encoders, or one of \
         them is damaged; get both again from one place",
        count,
        first.join("; "),
        if *count > first.len() { "; ..." } else { "" }
    )]
    Weights {
        /// How much is wrong.
        count: usize,
        /// The first of it.
        first: Vec<String>,
    },
    /// An encoder cannot be got from a hub.
    #[error("{url}: {found}: {mend}")]
    Download {
        /// The address that was asked.
        url: String,
        /// What happened.
        found: String,
        /// What to do.
        mend: String,
    },
    /// The weights of PyTorch cannot be read.
    #[error(transparent)]
    Thinc(#[from] ThincError),
    /// Something is wrong with what a file contains.
    #[error("{}: {cause}", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: Box<HubError>,
    },
}

impl HubError {
    /// The same error, said of a file.
    pub fn in_file(self, path: &Path) -> HubError {
        match self {
            // These name it themselves.
            HubError::File(_) | HubError::In { .. } => self,
            cause => HubError::In { path: path.to_owned(), cause: Box::new(cause) },
        }
    }

    pub(crate) fn content(
        found: impl Into<String>,
        expected: impl Into<String>,
        mend: impl Into<String>,
    ) -> HubError {
        HubError::Content { found: found.into(), expected: expected.into(), mend: mend.into() }
    }
}

fn listed(places: &[PathBuf]) -> String {
    match places {
        [] => "no folder, since none was given".to_owned(),
        places => places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}
