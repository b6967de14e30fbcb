use ner_doc::{Doc, Example};
use ner_pipeline::Pipeline;
use ner_scorer::Scorer;
use serde_json::Value;

use crate::{Scores, TrainingError};

/// Predicts all examples and measures how close the predictions come to the references. The predicted documents are
/// afterwards what they were before.
pub fn evaluate(pipeline: &mut Pipeline, examples: &mut [Example]) -> Result<Scores, TrainingError> {
    pipeline.finish_training();
    let before: Vec<Doc> = examples.iter().map(|example| example.predicted.clone()).collect();
    let mut docs: Vec<&mut Doc> = examples.iter_mut().map(|example| &mut example.predicted).collect();
    pipeline.predict(&mut docs);
    let mut scorer = if pipeline.finds_sentences() { Scorer::with_sentences() } else { Scorer::default() };
    let scored = examples.iter().try_for_each(|example| scorer.add(example));
    examples.iter_mut().zip(before).for_each(|(example, predicted)| example.predicted = predicted);
    scored?;
    match serde_json::to_value(scorer.scores()).expect("scores are numbers and names") {
        Value::Object(scores) => Ok(scores.into_iter().collect()),
        _ => unreachable!("scores are a table"),
    }
}
