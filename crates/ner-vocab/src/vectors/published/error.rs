use std::path::{Path, PathBuf};

use ner_files::FileError;

/// Why a file of word vectors cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VectorFileError {
    /// The file cannot be opened or unpacked.
    #[error(transparent)]
    File(#[from] FileError),
    /// A line of a text.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What was found, what was expected, and the mend.
        problem: String,
    },
    /// A row of a binary file.
    #[error("{}: row {row}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: u64,
        /// What was found, what was expected, and the mend.
        problem: String,
    },
    /// The file as a whole.
    #[error("{}: {problem}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and the mend.
        problem: String,
    },
}

impl VectorFileError {
    pub(super) fn format(path: &Path, problem: impl Into<String>) -> VectorFileError {
        VectorFileError::Format { path: path.to_owned(), problem: problem.into() }
    }

    pub(super) fn line(path: &Path, line: u64, problem: impl Into<String>) -> VectorFileError {
        VectorFileError::Line { path: path.to_owned(), line, problem: problem.into() }
    }

    pub(super) fn row(path: &Path, row: u64, problem: impl Into<String>) -> VectorFileError {
        VectorFileError::Row { path: path.to_owned(), row, problem: problem.into() }
    }
}
