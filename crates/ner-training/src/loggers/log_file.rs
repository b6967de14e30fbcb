use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ner_cpython::srsly_json;

use crate::{LogRow, TrainingError};

/// A file with one line of JSON for each evaluation.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    file: File,
}

impl LogFile {
    /// Opens a new file, in a new folder if need be.
    pub(crate) fn create(path: &Path) -> Result<LogFile, TrainingError> {
        let parent = path.parent().unwrap_or(path);
        fs::create_dir_all(parent)
            // `create_new`, in case another run has made the file since the logger looked for it.
            .and_then(|()| File::create_new(path))
            .map(|file| LogFile { path: path.to_owned(), file })
            .map_err(|source| failed(path, source))
    }

    /// Adds a line.
    pub(crate) fn write(&mut self, row: &LogRow) -> Result<(), TrainingError> {
        // Not buffered, so that a run that is killed leaves every evaluation. The layout of srsly makes the
        // file comparable with one of spaCy's.
        self.file.write_all((srsly_json(row) + "\n").as_bytes()).map_err(|source| failed(&self.path, source))
    }
}

fn failed(path: &Path, source: io::Error) -> TrainingError {
    TrainingError::LogFile { path: path.to_owned(), source }
}
