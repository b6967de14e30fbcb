use ner_doc::{Doc, Example};
use ner_evaluation::{Evaluation, Evaluator};
use ner_pipeline::Pipeline;

use crate::TrainingError;

/// Evaluates the predictions on all examples, `in_halves` too if need be. The predicted documents are the same afterwards as
/// before.
pub fn evaluate(
    pipeline: &mut Pipeline,
    examples: &mut [Example],
    in_halves: bool,
) -> Result<Evaluation, TrainingError> {
    pipeline.finish_training();
    // spaCy reads the corpus anew for each evaluation. Here copies are put back: entities left in a document
    // would be presets, which the next prediction respects.
    let before: Vec<Doc> = examples.iter().map(|example| example.predicted.clone()).collect();
    let mut evaluator = Evaluator::new(pipeline).in_halves(in_halves);
    let added = evaluator.add(examples);
    examples.iter_mut().zip(before).for_each(|(example, predicted)| example.predicted = predicted);
    // Only now, so that the documents are as before even where counting failed.
    added?;
    Ok(evaluator.finish())
}
