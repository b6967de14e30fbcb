use std::fs;
use std::path::{Path, PathBuf};

use ner_config::{ConfigError, Document};
use ner_files::FileError;
use ner_training::Fingerprint;
use serde::{Deserialize, Serialize};

use super::{Run, RunOutcome};
use crate::StudyError;

/// The folder of a run.
///
/// | what | holds |
/// |---|---|
/// | `config.toml` | the config, complete; `ner train` makes the run again |
/// | `result.json` | what became of it; `result-by-step-200.json` if it was stopped at step 200 to be compared with others |
/// | `output/` | the pipelines and the checkpoint, while the run is not finished, or if they are kept |
/// | `removed/` | what is on its way out of `output/` |
/// | `predictions.jsonl` | the scored documents with what was predicted |
pub(crate) struct RunFolder {
    path: PathBuf,
}

/// What is recorded of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// By which its corpora are known again.
    data: [Fingerprint; 2],
    /// What became of it.
    pub(crate) outcome: RunOutcome,
}

impl RunFolder {
    /// The folder of a run in that of its study.
    pub(crate) fn of(study: &Path, run: &Run) -> RunFolder {
        RunFolder { path: study.join("runs").join(&run.name) }
    }

    /// Where the run is trained.
    pub(crate) fn output(&self) -> PathBuf {
        self.path.join("output")
    }

    pub(crate) fn predictions(&self) -> PathBuf {
        self.path.join("predictions.jsonl")
    }

    fn config(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    fn result(&self, run: &Run) -> PathBuf {
        self.path.join(match run.steps {
            Some(steps) => format!("result-by-step-{steps}.json"),
            None => "result.json".to_owned(),
        })
    }

    /// Makes sure that a run that was begun here is this one, and writes down what it is.
    pub(crate) fn begin(&self, run: &Run) -> Result<(), StudyError> {
        let file = self.config();
        if file.exists() {
            let before = Document::read(&file)?;
            return match difference(&before, &run.config) {
                Some(change) => Err(StudyError::OtherRun { run: self.path.clone(), change }),
                None => Ok(()),
            };
        }
        let text = run.config.to_toml_string()?;
        ner_files::write(&file, |out| out.write_all(text.as_bytes()).map_err(FileError::io(&file)))?;
        Ok(())
    }

    /// What was recorded of the run; `None` if it is not finished.
    pub(crate) fn record(&self, run: &Run) -> Result<Option<RunOutcome>, StudyError> {
        let file = self.result(run);
        if !file.exists() || (run.keeps_predictions && !self.predictions().exists()) {
            return Ok(None);
        }
        let record: Record = serde_json::from_slice(&ner_files::read(&file)?)
            .map_err(|error| StudyError::Record { file, message: error.to_string() })?;
        if record.data != run.data {
            let [train, dev] = record.data;
            let change = format!(
                "it was made with {train} to learn from and {dev} to measure by, and these are others"
            );
            return Err(StudyError::OtherRun { run: self.path.clone(), change });
        }
        Ok(Some(record.outcome))
    }

    /// Records what became of the run.
    pub(crate) fn write(&self, run: &Run, outcome: &RunOutcome) -> Result<(), StudyError> {
        let (file, record) = (self.result(run), Record { data: run.data, outcome: outcome.clone() });
        let text = serde_json::to_string_pretty(&record)
            .map_err(|error| StudyError::Record { file: file.clone(), message: error.to_string() })?;
        ner_files::write(&file, |out| writeln!(out, "{text}").map_err(FileError::io(&file)))?;
        Ok(())
    }

    /// Removes what was only needed to go on, and, unless they are kept, the pipelines.
    pub(crate) fn clear(&self, keeps_pipelines: bool) -> Result<(), StudyError> {
        let gone = if keeps_pipelines { self.checkpoint() } else { self.output() };
        self.drop_removed()?;
        if gone.exists() {
            // Out of its place at once, so that a study that is killed leaves no half of it there.
            fs::rename(&gone, self.removed()).map_err(FileError::io(&gone))?;
        }
        self.drop_removed()
    }

    /// The same for a recorded run, if the study was killed before it had cleared it: then there is a checkpoint, which pipelines
    /// that another call has kept lack.
    pub(crate) fn clear_rest(&self, keeps_pipelines: bool) -> Result<(), StudyError> {
        match self.checkpoint().exists() {
            true => self.clear(keeps_pipelines),
            false => self.drop_removed(),
        }
    }

    /// Removes what is on its way out.
    fn drop_removed(&self) -> Result<(), StudyError> {
        let removed = self.removed();
        match removed.exists() {
            true => Ok(fs::remove_dir_all(&removed).map_err(FileError::io(&removed))?),
            false => Ok(()),
        }
    }

    fn checkpoint(&self) -> PathBuf {
        self.output().join("checkpoint")
    }

    fn removed(&self) -> PathBuf {
        self.path.join("removed")
    }
}

/// The first difference between two configs.
fn difference(before: &Document, now: &Document) -> Option<String> {
    let [before, now] =
        [before, now].map(|config| config.to_toml_string().map_err(|error: ConfigError| error.to_string()));
    let (Ok(before), Ok(now)) = (before, now) else { return None };
    if before == now {
        return None;
    }
    let differs = before.lines().zip(now.lines()).find(|(before, now)| before != now);
    let (before, now) = differs.unwrap_or(("shorter", "longer"));
    Some(format!("its config has {before:?}, and this one {now:?}"))
}
