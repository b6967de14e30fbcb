use std::path::{Path, PathBuf};

use ner_pipeline::Pipeline;
use serde_json::{Map, Value, json};

use crate::{Evaluation, ScoreWeights, TrainingError};

/// The directories that a run writes its pipelines to.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    directory: &'a Path,
}

impl<'a> Output<'a> {
    pub(crate) fn new(directory: &'a Path) -> Output<'a> {
        Output { directory }
    }

    /// The directory of the latest weights.
    pub(crate) fn last(&self) -> PathBuf {
        self.directory.join("model-last")
    }

    /// Saves evaluated weights with their scores, also as the best if they are.
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
            pipeline.save(&self.directory.join("model-best"))?;
        }
        Ok(())
    }

    /// Saves the weights as they are.
    pub(crate) fn save_last(&self, pipeline: &Pipeline) -> Result<(), TrainingError> {
        Ok(pipeline.save(&self.last())?)
    }
}

fn performance(pipeline: &Pipeline, evaluation: &Evaluation, weights: &ScoreWeights) -> Value {
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
    Value::Object(performance)
}
