use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_doc::DocError;
use ner_tokenizer::TokenizerError;
use thiserror::Error;

use crate::augment::AugmentError;
use crate::convert::ConvertProblem;
use crate::docbin::DocBinProblem;
use crate::jsonl::RecordProblem;

/// Why a corpus could not be read, written or turned into examples.
#[derive(Debug, Error)]
pub enum CorpusError {
    /// The operating system refused to read or write.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A reader was built without a path (spaCy's E913).
    #[error("no path to read from: set {key} to a file or a directory")]
    NoPath {
        /// The key of the config that should name it, such as `paths.train`.
        key: String,
    },
    /// The path leads nowhere.
    #[error("{}: there is no such file or directory; {key} names it", path.display())]
    MissingPath {
        /// The path.
        path: PathBuf,
        /// The key of the config that names it.
        key: String,
    },
    /// The path leads to nothing that this reader reads, or to no document.
    #[error("{}: {problem}; {key} names it", path.display())]
    NothingToRead {
        /// The path.
        path: PathBuf,
        /// What was looked for.
        problem: String,
        /// The key of the config that names it.
        key: String,
    },
    /// A `.spacy` file is damaged.
    #[error("{place}: {problem}")]
    DocBin {
        /// The file and the document.
        place: Place,
        /// What is wrong with it.
        problem: DocBinProblem,
    },
    /// A record of a JSON Lines file says what cannot be.
    #[error("{place}: {problem}")]
    Record {
        /// The file and the line.
        place: Place,
        /// What is wrong with it.
        problem: RecordProblem,
    },
    /// A text could not be split into tokens.
    #[error("{place}: {source}")]
    Tokenizer {
        /// The file and the line or the document.
        place: Place,
        /// What the tokenizer said.
        source: TokenizerError,
    },
    /// An example could not be varied.
    #[error("{place}: {source}")]
    Augment {
        /// The file and the document.
        place: Place,
        /// What stood in the way.
        source: AugmentError,
    },
    /// A text file does not keep to its format.
    #[error("{place}: {message}")]
    Format {
        /// The file, the line and the column.
        place: Place,
        /// What was found, what was expected and the mend.
        message: String,
        /// spaCy's code for it, if it has one.
        code: Option<&'static str>,
    },
    /// What was asked for cannot be converted.
    #[error(transparent)]
    Convert(#[from] ConvertProblem),
    /// Annotation does not fit the document that it belongs to.
    #[error("{place}: {source}")]
    Doc {
        /// The file and the document.
        place: Place,
        /// What does not fit.
        source: DocError,
    },
}

impl CorpusError {
    /// spaCy's code for this error, such as `E1014`, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            CorpusError::NoPath { .. } => Some("E913"),
            CorpusError::DocBin { problem, .. } => problem.code(),
            CorpusError::Record { problem, .. } => problem.code(),
            CorpusError::Format { code, .. } => *code,
            _ => None,
        }
    }

    /// Wraps what the operating system said about `path`.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> CorpusError {
        move |source| CorpusError::Io { path: path.to_owned(), source }
    }
}

/// Where in a corpus something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// The document, counted from 1.
    pub document: Option<NonZeroU32>,
    /// The line, counted from 1.
    pub line: Option<NonZeroU32>,
    /// The column in bytes, counted from 1.
    pub column: Option<NonZeroU32>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<Arc<Path>>) -> Place {
        Place { file: file.into(), document: None, line: None, column: None }
    }

    /// A document of the file, counted from 1.
    pub fn document(self, document: usize) -> Place {
        Place { document: count(document), ..self }
    }

    /// A line of the file, counted from 1.
    pub fn line(self, line: usize) -> Place {
        Place { line: count(line), ..self }
    }

    /// A column of the line, counted from 1.
    pub fn column(self, column: usize) -> Place {
        Place { column: count(column), ..self }
    }
}

fn count(number: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(number).unwrap_or(u32::MAX))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        match self.document {
            Some(document) => write!(f, ": document {document}"),
            None => Ok(()),
        }
    }
}
