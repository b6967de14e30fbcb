use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ner_cpython::srsly_json;
use ner_files::FileError;
use serde_json::Value;

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

    /// Opens the file of a run that goes on at this step. Rows of later steps, which the run takes once more, are cut off;
    /// so is half a line at the end.
    pub(crate) fn resume(path: &Path, first_step: usize) -> Result<LogFile, TrainingError> {
        let text = fs::read_to_string(path).map_err(|source| failed(path, source))?;
        let is_earlier = |line: &&str| {
            let row = serde_json::from_str::<Value>(line).ok();
            row.and_then(|row| row.get("step")?.as_u64()).is_some_and(|step| (step as usize) < first_step)
        };
        let kept: String = text.split_inclusive('\n').take_while(is_earlier).collect();
        ner_files::write::<FileError>(path, |file| {
            file.write_all(kept.as_bytes()).map_err(FileError::io(path))
        })?;
        let file = OpenOptions::new().append(true).open(path).map_err(|source| failed(path, source))?;
        Ok(LogFile { path: path.to_owned(), file })
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
