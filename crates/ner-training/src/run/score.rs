use indexmap::IndexMap;
use ner_scorer::Scores;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::TrainingError;

/// How much each score counts in the final score, by name; `None` is neither counted nor shown.
pub type ScoreWeights = IndexMap<String, Option<f64>>;

/// Makes one number of the scores of each evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinalScore {
    weights: IndexMap<String, f64>,
}

impl FinalScore {
    /// The final score with these weights.
    pub fn new(weights: &ScoreWeights) -> FinalScore {
        let weights = weights.iter().filter_map(|(name, weight)| Some((name.clone(), (*weight)?)));
        FinalScore { weights: weights.collect() }
    }

    /// The weighted sum of an evaluation's `scores`, from which it removes those that could not be measured.
    ///
    /// # Errors
    /// If a score that has a weight is not a number.
    pub fn score(&mut self, scores: &mut Scores) -> Result<f64, TrainingError> {
        scores.retain(|_, score| !score.is_null());
        // spaCy: a score that could not be measured once counts no more in later evaluations (loop.py).
        self.weights.retain(|name, _| scores.contains_key(name));
        // Not `sum`: the sum of no floats is -0.0, and a table shows the sign.
        self.weights
            .iter()
            .try_fold(0.0, |sum, (name, weight)| Ok(sum + number(name, &scores[name])? * weight))
    }
}

/// The score called `name`, which must be a number.
pub(crate) fn number(name: &str, score: &Value) -> Result<f64, TrainingError> {
    score.as_f64().ok_or_else(|| TrainingError::ScoreNotNumber { name: name.to_owned(), found: kind(score) })
}

fn kind(score: &Value) -> &'static str {
    match score {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
