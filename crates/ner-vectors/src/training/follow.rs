use std::time::{Duration, Instant};

use super::{Place, Training};
use crate::VectorsError;
use crate::step::{Block, Loss, Step};

/// What a run tells of itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A part of the text was learned from.
    Progress {
        /// Tokens that were read in all epochs.
        n_done: u64,
        /// Tokens to be read in all epochs.
        n_all: u64,
    },
    /// The end of a pass over the text.
    Epoch {
        /// The number of the pass, from 1.
        epoch: usize,
        /// The mean loss of a pair of a word and its context.
        loss: f64,
        /// Tokens that were read a second, since the run began or went on.
        words_per_second: f64,
    },
}

impl Training<'_> {
    /// Learns up to the end, or until it is interrupted; whether it was. Every `save_every`, and when it is interrupted,
    /// the run is saved beside the text.
    ///
    /// # Errors
    /// If the text cannot be read, a checkpoint cannot be written, or weights are no numbers any more.
    pub fn follow(
        &mut self,
        save_every: Duration,
        report: &mut dyn FnMut(Event),
        is_interrupted: &dyn Fn() -> bool,
    ) -> Result<bool, VectorsError> {
        let size = Block::size(self.text.n_ids);
        let n_epoch = self.text.n_ids;
        let n_all = n_epoch * self.settings.epochs as u64;
        let (mut step, mut block, mut ids) = (Step::default(), Block::default(), Vec::new());
        let (begin, mut saved, mut n_words) = (Instant::now(), Instant::now(), 0);
        while self.place.epoch < self.settings.epochs {
            let mut reader = self.text.ids(self.place.block * size as u64)?;
            loop {
                if is_interrupted() {
                    self.save()?;
                    return Ok(true);
                }
                if saved.elapsed() >= save_every {
                    self.save()?;
                    saved = Instant::now();
                }
                let Place { epoch, block: number, .. } = self.place;
                let n_done = epoch as u64 * n_epoch + number * size as u64;
                reader.read(size, &mut ids)?;
                if ids.is_empty() {
                    break;
                }
                n_words += ids.len() as u64;
                let learn_rate = self.settings.learn_rate * (1.0 - n_done as f64 / n_all as f64) as f32;
                block.fill(&ids, [epoch as u64, number], &self.lexicon, &self.settings);
                let Loss { sum, n_pairs } =
                    step.learn(&mut self.weights, &self.lexicon, &self.settings, &block, learn_rate);
                if !sum.is_finite() {
                    let learn_rate = self.settings.learn_rate;
                    return Err(VectorsError::Diverged { n_words: n_done, learn_rate });
                }
                self.place.loss += sum;
                self.place.n_pairs += n_pairs;
                self.place.block += 1;
                report(Event::Progress { n_done, n_all });
            }
            let loss = self.place.loss / self.place.n_pairs.max(1) as f64;
            self.place = Place { epoch: self.place.epoch + 1, ..Place::default() };
            let words_per_second = n_words as f64 / begin.elapsed().as_secs_f64();
            report(Event::Epoch { epoch: self.place.epoch, loss, words_per_second });
        }
        Ok(false)
    }
}
