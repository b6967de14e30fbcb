use serde::{Deserialize, Serialize};

use super::HalfChoice;

/// The outcome of a training run.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingReport {
    /// The number of the last step, from 0.
    pub last_step: usize,
    /// The best evaluation; of equals the first.
    pub best: Option<Best>,
    /// What the first half of the evaluation corpus and the second would choose, if the config has `dev_halves`.
    pub halves: Option<[HalfChoice; 2]>,
    /// Whether the run was stopped from outside.
    pub interrupted: bool,
    /// Tokens that were learned from.
    pub words: usize,
    /// Time spent in the loop, evaluations included.
    pub seconds: f64,
    /// Time spent in updates alone.
    pub update_seconds: f64,
}

/// The best evaluation of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// The number of the step, from 0.
    pub step: usize,
    /// The final score.
    pub score: f64,
}
