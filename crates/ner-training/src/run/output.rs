use std::fs;
use std::path::{Path, PathBuf};

use ner_files::{DirectoryLock, FileError};
use ner_pipeline::Pipeline;
use serde_json::{Map, Value, json};

use super::Checkpoint;
use super::checkpoint::Moving;
use crate::rehearsals::Rehearsals;
use crate::{Evaluation, ScoreWeights, TrainingError, TrainingEvent};

/// The directory that a run writes to: `model-best`, `model-last`, and the `checkpoint` to go on from.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    directory: &'a Path,
    resumes: bool,
}

impl<'a> Output<'a> {
    /// Writes to a directory, over what an earlier run has left there.
    pub fn to(directory: &'a Path) -> Output<'a> {
        Output { directory, resumes: false }
    }

    /// Goes on with the run that has left a checkpoint in the directory, or begins one if there is none.
    pub fn resuming(directory: &'a Path) -> Output<'a> {
        Output { directory, resumes: true }
    }

    /// Keeps other runs out of the directory, which is made if need be.
    pub(crate) fn lock(&self) -> Result<DirectoryLock, TrainingError> {
        fs::create_dir_all(self.directory).map_err(FileError::io(self.directory))?;
        Ok(DirectoryLock::acquire(self.directory)?)
    }

    /// The checkpoint to go on from; `None` to begin.
    pub(crate) fn checkpoint(&self) -> Result<Option<Checkpoint>, TrainingError> {
        if self.resumes { Checkpoint::open(self.directory) } else { Ok(None) }
    }

    /// What to say where a run begins that could have gone on, or could not.
    pub(crate) fn about_beginning(&self) -> Option<TrainingEvent> {
        let checkpoint = Checkpoint::path(self.directory);
        match (self.resumes, checkpoint.exists()) {
            (true, _) => Some(TrainingEvent::NothingToResume(self.directory.to_owned())),
            (false, true) => Some(TrainingEvent::NotResumed(checkpoint)),
            (false, false) => None,
        }
    }

    /// Saves a run between two steps.
    pub(super) fn save_checkpoint(&self, run: Moving<'_>) -> Result<(), TrainingError> {
        let pipeline = &*run.pipeline;
        let files = pipeline.to_files()?;
        let tutor = run.rehearsals.map(Rehearsals::tutor_files).transpose()?.unwrap_or_default();
        Checkpoint::write(self.directory, files, tutor, run.save())
    }

    /// The directory of the latest weights.
    pub(crate) fn last(&self) -> PathBuf {
        self.directory.join("model-last")
    }

    /// Saves the weights as they are.
    pub(crate) fn save_last(&self, pipeline: &Pipeline) -> Result<(), TrainingError> {
        Ok(pipeline.save(&self.last())?)
    }

    /// Saves the weights as the best so far.
    pub(super) fn save_best(&self, pipeline: &Pipeline) -> Result<(), TrainingError> {
        Ok(pipeline.save(&self.directory.join("model-best"))?)
    }
}

/// Notes the scores and losses of an evaluation in the description of the pipeline.
pub(super) fn note_performance(pipeline: &mut Pipeline, evaluation: &Evaluation, weights: &ScoreWeights) {
    let mut performance = Map::new();
    // spaCy: scores of weight null are listed, too, since update_meta looks for null among the names (loop.py).
    for name in weights.keys() {
        let score = evaluation.scores.get(name).cloned().unwrap_or_else(|| json!(0.0));
        performance.insert(name.clone(), score);
    }
    for name in pipeline.components().keys() {
        if let Some(loss) = evaluation.losses.get(name) {
            performance.insert(format!("{name}_loss"), json!(loss));
        }
    }
    pipeline.meta_mut().set("performance", Value::Object(performance));
}
