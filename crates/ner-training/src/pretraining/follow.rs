//! The loop: batch, hide words, update, save.

use std::path::PathBuf;

use ner_doc::Doc;
use ner_pipeline::{Learning, Pipeline, Pretraining};

use super::output::{Moment, PretrainingOutput};
use super::progress::Clock;
use super::resume::Moving;
use super::state::State;
use super::{Pretrain, PretrainingEvent};
use crate::run::{Batch, check_weights, diverged};
use crate::{StreamPlace, TrainingError};

/// Why the steps of an epoch end.
enum End {
    Epoch,
    Interrupt,
}

/// The outside world of a pretraining.
struct Outside<'a> {
    output: &'a PretrainingOutput<'a>,
    sink: &'a mut dyn FnMut(PretrainingEvent),
    interrupted: &'a dyn Fn() -> bool,
    clock: Clock,
}

impl Pretrain {
    /// Takes all steps, and writes weights into the directory `output` after epochs, and within them if the config says so;
    /// with each of them, after each epoch and when it is interrupted also a checkpoint. Returns true if it was interrupted:
    /// between steps `interrupted` is asked whether to stop. `saves_last` says whether the last weights are written as
    /// `model-last.bin`, however the steps end.
    ///
    /// # Errors
    /// If a text cannot be read, a file cannot be written, or a loss or a weight is no finite number.
    pub fn follow(
        &mut self,
        output: &PretrainingOutput<'_>,
        saves_last: bool,
        sink: &mut dyn FnMut(PretrainingEvent),
        interrupted: &dyn Fn() -> bool,
    ) -> Result<bool, TrainingError> {
        let epoch = self.state.epoch;
        if let Some(path) = self.resumed.clone() {
            sink(PretrainingEvent::Resumed { path, epoch });
        }
        sink(PretrainingEvent::Started { epoch, n_save_epoch: self.settings.n_save_epoch });
        // At once: after a kill before the first weights, nobody is to go on from an earlier pretraining, or to keep what this
        // one has added to the log.
        self.save_checkpoint(output)?;
        let clock = self.state.progress.clock();
        let mut outside = Outside { output, sink, interrupted, clock };
        let end = self.follow_epochs(&mut outside);
        let saves_last = saves_last && !matches!(end, Err(TrainingError::Diverged { .. }));
        if let Ok(true) = end {
            // Before the last weights, whose line in the log the rest of the pretraining knows nothing of.
            self.save_checkpoint(output)?;
        }
        // Before an error is passed on, as in spaCy: a bad line late in the corpus does not cost what was learned.
        let last = Moment::Last(self.settings.max_epochs);
        let path = if saves_last { Some(self.save(output, last)?) } else { None };
        let is_interrupted = end?;
        if is_interrupted {
            (outside.sink)(PretrainingEvent::Interrupted { path });
        }
        Ok(is_interrupted)
    }

    fn follow_epochs(&mut self, outside: &mut Outside<'_>) -> Result<bool, TrainingError> {
        while self.state.epoch < self.settings.max_epochs {
            if let End::Interrupt = self.follow_epoch(outside)? {
                return Ok(true);
            }
            let (epoch, is_last) = (self.state.epoch, self.state.epoch + 1 == self.settings.max_epochs);
            // spaCy: 0 means the same as null, for this setting and the next (training/pretrain.py).
            let every = self.settings.n_save_epoch.filter(|every| *every > 0).unwrap_or(1);
            if epoch.is_multiple_of(every) || is_last {
                self.save(outside.output, Moment::After(epoch))?;
            }
            self.state.epoch += 1;
            self.state.progress.epoch_loss = 0.0;
            self.save_checkpoint(outside.output)?;
        }
        Ok(false)
    }

    /// Takes the steps of an epoch that are still to come.
    fn follow_epoch(&mut self, outside: &mut Outside<'_>) -> Result<End, TrainingError> {
        let Pretrain { settings, pipeline, corpus, batcher, learning, pretraining, state, origin, .. } = self;
        let every = settings.n_save_every.filter(|every| *every > 0);
        let random = learning.random.python.clone();
        // Only where an epoch begins: a pretraining resumed in its midst keeps the place and the sizes that were drawn.
        if state.place.is_none() {
            state.n_sizes = batcher.n_sizes();
        }
        let start = || StreamPlace::start(&random);
        let place = state.place.get_or_insert_with(start).clone();
        place.rewind(&random);
        let mut batches = corpus.epoch(&mut **batcher, &[], &random);
        place.find(&mut batches, &random, &settings.corpus)?;
        let mut n_batches = place.n_batches();
        for batch in batches {
            let batch = batch?;
            if let Some(place) = &mut state.place {
                place.pass(&batch);
                // Updates draw from the other generator alone.
                place.drawn(0);
            }
            if let Some(loss) = update(pipeline, learning, pretraining, &batch)? {
                if !loss.is_finite() {
                    return Err(diverged(state.progress.steps, format!("the loss is {loss}"), &batch));
                }
                let words = batch.iter().map(|(_, example)| example.reference.len()).sum();
                let row = state.progress.add(state.epoch, words, loss, &mut outside.clock);
                row.into_iter().for_each(|row| (outside.sink)(PretrainingEvent::Row(row)));
            }
            // spaCy: batches count from 0, so that the first one is saved (training/pretrain.py).
            if every.is_some_and(|every| n_batches % every == 0) {
                let moment = Moment::Within(state.epoch);
                save(pipeline, learning, pretraining, outside.output, moment, state)?;
                Moving { origin, pipeline, learning, pretraining, state }.save(outside.output)?;
            }
            n_batches += 1;
            if (outside.interrupted)() {
                return Ok(End::Interrupt);
            }
        }
        if n_batches == 0 {
            return Err(TrainingError::NoTexts { corpus: settings.corpus.clone() });
        }
        state.place = None;
        state.n_sizes = batcher.n_sizes();
        Ok(End::Epoch)
    }

    fn save(&mut self, output: &PretrainingOutput<'_>, moment: Moment) -> Result<PathBuf, TrainingError> {
        let Pretrain { pipeline, learning, pretraining, state, .. } = self;
        save(pipeline, learning, pretraining, output, moment, state)
    }
}

/// One step. Returns the loss; `None` if the batch has no token.
fn update(
    pipeline: &mut Pipeline,
    learning: &mut Learning,
    pretraining: &mut Pretraining,
    batch: &Batch<'_>,
) -> Result<Option<f64>, TrainingError> {
    let docs: Vec<&Doc> = batch.iter().map(|(_, example)| &example.reference).collect();
    if docs.iter().all(|doc| doc.is_empty()) {
        return Ok(None);
    }
    let loss = pretraining.update(pipeline, &docs, learning)?;
    learning.optimizer.step_schedules();
    Ok(Some(loss))
}

/// Writes the weights, averaged if the optimiser keeps averages.
fn save(
    pipeline: &mut Pipeline,
    learning: &mut Learning,
    pretraining: &Pretraining,
    output: &PretrainingOutput<'_>,
    moment: Moment,
    state: &State,
) -> Result<PathBuf, TrainingError> {
    check_weights(pipeline, state.progress.steps)?;
    pipeline.with_averages(&mut *learning.optimizer, |pipeline| {
        let weights = pretraining.layer().to_bytes(pipeline)?;
        output.save(moment, &weights, state.progress.log_line(moment.epoch()))
    })
}
