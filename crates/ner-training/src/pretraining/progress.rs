use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::PretrainingRow;

/// spaCy: a row is shown as soon as so many words were learned from since the one before (training/pretrain.py).
const WORDS_PER_ROW: usize = 10_000;

/// What a pretraining has learned from so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Progress {
    /// Updates.
    pub(super) steps: usize,
    pub(super) words: usize,
    pub(super) loss: f64,
    /// The loss of this epoch alone.
    pub(super) epoch_loss: f64,
    /// Words and loss up to the last row.
    row: (usize, f64),
}

/// The time since the last row, which is no part of what was learned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
    /// Words up to then.
    words: usize,
}

/// A line of the file `log.jsonl`: the figures of saved weights.
// The order of the fields is that of the keys in spaCy's file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct LogLine {
    nr_word: usize,
    loss: f64,
    epoch_loss: f64,
    epoch: usize,
}

impl Progress {
    pub(super) fn clock(&self) -> Clock {
        Clock { start: Instant::now(), words: self.words }
    }

    /// Counts a step, and returns a row if it is time for one.
    pub(super) fn add(
        &mut self,
        epoch: usize,
        words: usize,
        loss: f64,
        clock: &mut Clock,
    ) -> Option<PretrainingRow> {
        self.steps += 1;
        self.words += words;
        self.loss += loss;
        self.epoch_loss += loss;
        let (words_before, loss_before) = self.row;
        if self.words - words_before < WORDS_PER_ROW {
            return None;
        }
        self.row = (self.words, self.loss);
        let last = std::mem::replace(clock, self.clock());
        Some(PretrainingRow {
            epoch,
            words: self.words,
            loss: self.loss,
            recent_loss: self.loss - loss_before,
            words_per_second: (self.words - last.words) as f64 / last.start.elapsed().as_secs_f64(),
        })
    }

    pub(super) fn log_line(&self, epoch: usize) -> LogLine {
        LogLine { nr_word: self.words, loss: self.loss, epoch_loss: self.epoch_loss, epoch }
    }
}
