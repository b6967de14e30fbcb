use indexmap::IndexMap;
use ner_scorer::Scores;
use serde::{Deserialize, Serialize};

use crate::HalfChoice;

/// A step that was evaluated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Complete passes over the training corpus.
    pub epoch: usize,
    /// The number of the step, from 0.
    pub step: usize,
    /// The loss of each component, summed since the evaluation before.
    pub losses: IndexMap<String, f64>,
    /// All scores of the evaluation corpus.
    pub scores: Scores,
    /// The final score.
    pub score: f64,
    /// What the first half of the evaluation corpus and the second would choose of this step, if the config has `dev_halves`.
    pub halves: Option<[HalfChoice; 2]>,
    /// The learning rate of the next step.
    pub learn_rate: f64,
    /// Tokens that were learned from so far.
    pub words: usize,
    /// Seconds that were spent in updates so far.
    pub seconds: f64,
}
