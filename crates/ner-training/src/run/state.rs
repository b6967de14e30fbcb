use serde::{Deserialize, Serialize};

use super::{FinalScore, Stopping, StreamPlace};
use crate::Evaluation;

/// The place of a run between two steps, and what it has seen so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// The number of the next step, from 0.
    pub step: usize,
    /// Complete passes over the training corpus.
    pub epoch: usize,
    /// The order of the held examples in this epoch, by their numbers in the corpus; empty for a stream.
    pub order: Vec<usize>,
    /// Steps of this epoch that are done; each takes one batch.
    pub n_batches: usize,
    /// Sizes that the batcher had drawn when the epoch began.
    pub n_sizes: usize,
    /// The place in the epoch of a stream; none of a corpus that is held.
    pub stream: Option<StreamPlace>,
    /// Makes one number of the scores of an evaluation.
    pub final_score: FinalScore,
    /// The best evaluation, and the rule by which the run stops.
    pub stopping: Stopping,
    /// All evaluations, for the report of a run that goes on.
    pub evaluations: Vec<Evaluation>,
    /// Tokens that were learned from.
    pub words: usize,
    /// Time spent in the loop, evaluations included.
    pub seconds: f64,
    /// Time spent in updates alone.
    pub update_seconds: f64,
}

impl RunState {
    /// The state before the first step.
    pub(super) fn new(final_score: FinalScore, stopping: Stopping) -> RunState {
        RunState {
            step: 0,
            epoch: 0,
            order: Vec::new(),
            n_batches: 0,
            n_sizes: 0,
            stream: None,
            final_score,
            stopping,
            evaluations: Vec::new(),
            words: 0,
            seconds: 0.0,
            update_seconds: 0.0,
        }
    }
}
