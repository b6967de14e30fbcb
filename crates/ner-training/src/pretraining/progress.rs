use std::time::Instant;

use serde::Serialize;

use super::PretrainingRow;

/// spaCy: a row is shown as soon as so many words were learned from since the one before (training/pretrain.py).
const WORDS_PER_ROW: usize = 10_000;

/// What a pretraining has learned from so far.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) words: usize,
    pub(super) loss: f64,
    /// The loss of this epoch alone.
    pub(super) epoch_loss: f64,
    /// Words, loss and time of the last row.
    row: (usize, f64, Instant),
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
    pub(super) fn new() -> Progress {
        Progress { words: 0, loss: 0.0, epoch_loss: 0.0, row: (0, 0.0, Instant::now()) }
    }

    /// Counts a step, and returns a row if it is time for one.
    pub(super) fn add(&mut self, epoch: usize, words: usize, loss: f64) -> Option<PretrainingRow> {
        self.words += words;
        self.loss += loss;
        self.epoch_loss += loss;
        let (words_before, loss_before, time_before) = self.row;
        let new_words = self.words - words_before;
        if new_words < WORDS_PER_ROW {
            return None;
        }
        let now = Instant::now();
        self.row = (self.words, self.loss, now);
        Some(PretrainingRow {
            epoch,
            words: self.words,
            loss: self.loss,
            recent_loss: self.loss - loss_before,
            words_per_second: new_words as f64 / (now - time_before).as_secs_f64(),
        })
    }

    pub(super) fn log_line(&self, epoch: usize) -> LogLine {
        LogLine { nr_word: self.words, loss: self.loss, epoch_loss: self.epoch_loss, epoch }
    }
}
