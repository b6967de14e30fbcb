use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ner_cpython::srsly_json;
use ner_files::{DirectoryLock, FileError};

use super::progress::LogLine;
use super::{PretrainingEvent, checkpoint};
use crate::TrainingError;

/// The directory that a pretraining writes its weights and its checkpoint to.
#[derive(Debug)]
pub struct PretrainingOutput<'a> {
    directory: &'a Path,
    _lock: DirectoryLock,
}

/// The moment at which weights are saved, by which their file is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Within this epoch.
    Within(usize),
    /// At the end of this epoch.
    After(usize),
    /// At the end of a pretraining of so many epochs.
    Last(usize),
}

impl Moment {
    pub(super) fn epoch(self) -> usize {
        let (Moment::Within(epoch) | Moment::After(epoch) | Moment::Last(epoch)) = self;
        epoch
    }

    fn file_name(self) -> String {
        match self {
            Moment::Within(epoch) => format!("model{epoch}.temp.bin"),
            Moment::After(epoch) => format!("model{epoch}.bin"),
            Moment::Last(_) => "model-last.bin".to_owned(),
        }
    }
}

impl<'a> PretrainingOutput<'a> {
    /// Makes the directory if need be, and keeps other processes out of it.
    ///
    /// # Errors
    /// If it cannot be made, or another process writes into it.
    pub fn open(directory: &'a Path) -> Result<PretrainingOutput<'a>, TrainingError> {
        fs::create_dir_all(directory).map_err(FileError::io(directory))?;
        let lock = DirectoryLock::acquire(directory)?;
        ner_files::sweep(directory)?;
        Ok(PretrainingOutput { directory, _lock: lock })
    }

    /// What to say where a pretraining begins anew that could have gone on.
    pub fn about_beginning(&self) -> Option<PretrainingEvent> {
        let path = checkpoint::path(self.directory);
        path.exists().then_some(PretrainingEvent::NotResumed(path))
    }

    pub(super) fn directory(&self) -> &'a Path {
        self.directory
    }

    /// Writes weights, and a line about them. Returns the path of the weights.
    pub(super) fn save(
        &self,
        moment: Moment,
        weights: &[u8],
        line: LogLine,
    ) -> Result<PathBuf, TrainingError> {
        let path = self.directory.join(moment.file_name());
        ner_files::write(&path, |file| file.write_all(weights).map_err(FileError::io(&path)))?;
        self.log(line)?;
        // On the disk before a checkpoint says that it was written.
        let file = OpenOptions::new().write(true).open(&path);
        file.and_then(|file| file.sync_all()).map_err(FileError::io(&path))?;
        Ok(path)
    }

    /// Adds a line to the log, which another pretraining in this directory may have begun.
    fn log(&self, line: LogLine) -> Result<(), FileError> {
        let path = self.log_path();
        let file = OpenOptions::new().create(true).append(true).open(&path);
        file.and_then(|mut file| {
            file.write_all((srsly_json(&line) + "\n").as_bytes())?;
            file.sync_all()
        })
        .map_err(FileError::io(&path))
    }

    /// How long the log is.
    pub(super) fn log_bytes(&self) -> Result<u64, FileError> {
        let path = self.log_path();
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            metadata => Ok(metadata.map_err(FileError::io(&path))?.len()),
        }
    }

    /// Drops what was added to the log since it had so many bytes.
    pub(super) fn cut_log(&self, bytes: u64) -> Result<(), FileError> {
        let path = self.log_path();
        // A log that a user has shortened stays as it is.
        if self.log_bytes()? <= bytes {
            return Ok(());
        }
        let file = OpenOptions::new().write(true).open(&path);
        file.and_then(|file| file.set_len(bytes)).map_err(FileError::io(&path))
    }

    fn log_path(&self) -> PathBuf {
        self.directory.join("log.jsonl")
    }
}
