use ner_doc::{Doc, Example};
use ner_pipeline::{Pipeline, PipelineError};

use crate::{Evaluation, Evaluator};

/// Examples that are annotated at a time, once for each bias: their versions are all held.
const EXAMPLES_AT_A_TIME: usize = 256;

/// Evaluates the predictions on all examples with each of `biases` added to the score of the action "out" of the
/// recogniser called `recognizer`, `in_halves` too if need be. The predicted documents are the same afterwards as before.
///
/// # Errors
/// Those of [`Evaluator::add`], and one if there is no recogniser of this name.
pub fn evaluate_out_biases(
    pipeline: &Pipeline,
    recognizer: &str,
    biases: &[f32],
    examples: &mut [Example],
    in_halves: bool,
) -> Result<Vec<Evaluation>, PipelineError> {
    let evaluator = |_| Evaluator::new(pipeline).in_halves(in_halves);
    let mut evaluators: Vec<Evaluator<'_>> = biases.iter().map(evaluator).collect();
    for examples in examples.chunks_mut(EXAMPLES_AT_A_TIME) {
        let before: Vec<Doc> = examples.iter().map(|example| example.predicted.clone()).collect();
        let versions = pipeline.predict_with_out_biases(recognizer, biases, &before)?;
        let mut counted = Ok(());
        for (evaluator, version) in evaluators.iter_mut().zip(versions) {
            examples.iter_mut().zip(version).for_each(|(example, doc)| example.predicted = doc);
            counted = counted.and_then(|()| evaluator.count(examples));
        }
        examples.iter_mut().zip(before).for_each(|(example, doc)| example.predicted = doc);
        // Only now, so that the documents are as before even where counting failed.
        counted?;
    }
    Ok(evaluators.into_iter().map(Evaluator::finish).collect())
}
