use ner_doc::{Doc, Example};
use ner_evaluation::Evaluator;
use ner_pipeline::Pipeline;
use ner_scorer::Scores;

use crate::TrainingError;

/// The scores of the predictions on all examples. The predicted documents are the same afterwards as before.
pub fn evaluate(pipeline: &mut Pipeline, examples: &mut [Example]) -> Result<Scores, TrainingError> {
    pipeline.finish_training();
    let before: Vec<Doc> = examples.iter().map(|example| example.predicted.clone()).collect();
    let mut evaluator = Evaluator::new(pipeline);
    let added = evaluator.add(examples);
    examples.iter_mut().zip(before).for_each(|(example, predicted)| example.predicted = predicted);
    added?;
    Ok(evaluator.finish().scores)
}
