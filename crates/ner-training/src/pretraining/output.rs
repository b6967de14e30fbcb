use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use ner_cpython::srsly_json;
use ner_files::FileError;
use ner_pipeline::PipelineError;

use super::progress::LogLine;
use crate::TrainingError;

/// The directory that a pretraining writes its weights to.
#[derive(Debug)]
pub(super) struct Output<'a> {
    directory: &'a Path,
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

impl<'a> Output<'a> {
    pub(super) fn new(directory: &'a Path) -> Output<'a> {
        Output { directory }
    }

    /// Writes weights, and a line about them. Returns the path of the weights.
    pub(super) fn save(
        &self,
        moment: Moment,
        weights: &[u8],
        line: LogLine,
    ) -> Result<PathBuf, TrainingError> {
        let path = self.directory.join(moment.file_name());
        let written = ner_files::write(&path, |file| file.write_all(weights).map_err(FileError::io(&path)));
        written.and_then(|()| self.log(line)).map_err(PipelineError::from)?;
        Ok(path)
    }

    /// Adds a line to the log, which another pretraining in this directory may have begun.
    fn log(&self, line: LogLine) -> Result<(), FileError> {
        let path = self.directory.join("log.jsonl");
        let file = OpenOptions::new().create(true).append(true).open(&path);
        file.and_then(|mut file| file.write_all((srsly_json(&line) + "\n").as_bytes()))
            .map_err(FileError::io(&path))
    }
}
