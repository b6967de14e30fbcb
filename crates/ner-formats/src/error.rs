use std::io;
use std::path::Path;

use ner_doc::DocError;
use ner_files::FileError;
use ner_tokenizer::TokenizerError;
use thiserror::Error;

use crate::convert::ConvertError;
use crate::docbin::DocBinError;
use crate::jsonl::RecordError;
use crate::place::Place;

/// Why a file could not be read or written.
#[derive(Debug, Error)]
pub enum FormatError {
    /// The operating system refused to read or write.
    #[error(transparent)]
    File(#[from] FileError),
    /// A `.spacy` file is damaged.
    #[error("{place}: {problem}")]
    DocBin {
        /// The file and the document.
        place: Place,
        /// The fault.
        problem: DocBinError,
    },
    /// A record of a JSON Lines file contradicts itself or has another form.
    #[error("{place}: {problem}")]
    Record {
        /// The file and the line.
        place: Place,
        /// The fault.
        problem: RecordError,
    },
    /// A text could not be split into tokens.
    #[error("{place}: {source}")]
    Tokenizer {
        /// The file and the line or the document.
        place: Place,
        /// The tokenizer's error.
        source: TokenizerError,
    },
    /// A text file does not keep to its format.
    #[error("{place}: {message}")]
    Malformed {
        /// The file, the line and the column.
        place: Place,
        /// The text that was found, what was expected, and the remedy.
        message: String,
        /// spaCy's code for it, if it has one.
        code: Option<&'static str>,
    },
    /// Nothing can be converted, whatever the files hold.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// Annotation does not fit the document that it belongs to.
    #[error("{place}: {source}")]
    Doc {
        /// The file and the document.
        place: Place,
        /// The annotation that does not fit.
        source: DocError,
    },
}

impl FormatError {
    /// spaCy's code for this error, such as `E1014`, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            FormatError::DocBin { problem, .. } => problem.code(),
            FormatError::Record { problem, .. } => problem.code(),
            FormatError::Malformed { code, .. } => *code,
            _ => None,
        }
    }

    /// Wraps an error of the operating system about `path`.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> FormatError {
        let io_error = FileError::io(path);
        move |error| io_error(error).into()
    }
}
