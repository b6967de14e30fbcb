use serde::{Deserialize, Serialize};

use super::Best;

/// The best evaluation, and the rule by which a run stops early.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stopping {
    patience: usize,
    max_steps: usize,
    best: Option<Best>,
}

impl Stopping {
    /// Stops `patience` steps after the best evaluation, and at step `max_steps`; 0 is never.
    pub fn new(patience: usize, max_steps: usize) -> Stopping {
        Stopping { patience, max_steps, best: None }
    }

    /// The same rule for a run that goes on, with its best evaluation so far.
    pub(super) fn with_best(self, best: Option<Best>) -> Stopping {
        Stopping { best, ..self }
    }

    /// Takes note of an evaluation and says whether none before was better. A tie is best, too, but does not make
    /// patience last longer.
    pub fn record(&mut self, step: usize, score: f64) -> bool {
        let before = self.best.map_or(f64::NEG_INFINITY, |best| best.score);
        // Not `score > before` alone, which is never true of a score that is not a number: the first evaluation
        // counts as the best in any case.
        if self.best.is_none() || score > before {
            self.best = Some(Best { score, step });
        }
        // spaCy: of equals the last is saved as the best, and the first counts for patience (loop.py).
        score >= before
    }

    /// The highest score, and the first step that reached it.
    pub fn best(&self) -> Option<Best> {
        self.best
    }

    /// Whether `step`, counted from 0, is the last.
    pub fn is_over(&self, step: usize) -> bool {
        let best_step = self.best.map_or(0, |best| best.step);
        let is_hopeless = self.patience > 0 && step.saturating_sub(best_step) >= self.patience;
        // spaCy: steps count from 0, so there is one update more than `max_steps` (loop.py).
        is_hopeless || (self.max_steps > 0 && step >= self.max_steps)
    }
}
