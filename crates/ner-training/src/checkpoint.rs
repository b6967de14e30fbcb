use std::path::{Path, PathBuf};

use ner_pipeline::Pipeline;
use serde_json::{Map, Value, json};

use crate::{Evaluation, ScoreWeights, TrainingError};

/// The directories that a run writes its pipelines to.
#[derive(Debug)]
pub(crate) struct Checkpoint<'a> {
    output: &'a Path,
}

impl<'a> Checkpoint<'a> {
    pub(crate) fn new(output: &'a Path) -> Checkpoint<'a> {
        Checkpoint { output }
    }

    /// Where the latest state goes.
    pub(crate) fn last(&self) -> PathBuf {
        self.output.join("model-last")
    }

    /// Saves an evaluated state with its scores.
    pub(crate) fn save(
        &self,
        pipeline: &mut Pipeline,
        evaluation: &Evaluation,
        weights: &ScoreWeights,
        is_best: bool,
    ) -> Result<(), TrainingError> {
        let performance = performance(pipeline, evaluation, weights);
        pipeline.meta_mut().set("performance", performance);
        self.save_last(pipeline)?;
        if is_best {
            pipeline.save(&self.output.join("model-best"))?;
        }
        Ok(())
    }

    /// Saves the state as it is.
    pub(crate) fn save_last(&self, pipeline: &Pipeline) -> Result<(), TrainingError> {
        Ok(pipeline.save(&self.last())?)
    }
}

fn performance(pipeline: &Pipeline, evaluation: &Evaluation, weights: &ScoreWeights) -> Value {
    let mut performance = Map::new();
    for name in weights.keys() {
        let score = evaluation.scores.get(name).cloned().unwrap_or_else(|| json!(0.0));
        performance.insert(name.clone(), score);
    }
    for name in pipeline.components().keys() {
        if let Some(loss) = evaluation.losses.get(name) {
            performance.insert(format!("{name}_loss"), json!(loss));
        }
    }
    Value::Object(performance)
}
