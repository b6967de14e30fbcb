use ner_config::{Kind, Registry, TrainingConfig};
use ner_cpython::SharedRandom;
use ner_doc::Example;

use super::check_settings;
use crate::run::TrainCorpus;
use crate::{Batcher, TrainingError};

/// How many steps a run takes at most that learns from these examples, which are all of its training corpus; `None` if nothing
/// but patience ends it.
///
/// # Errors
/// If a setting is wrong, the batcher cannot be made or makes no batch, or the schedule of the batches' sizes ends.
pub fn planned_steps(
    settings: &TrainingConfig,
    train: Vec<Example>,
    registry: &Registry,
) -> Result<Option<usize>, TrainingError> {
    check_settings(settings)?;
    let batcher = registry.build(Kind::Batchers, &settings.batcher)?;
    match n_steps(settings, &TrainCorpus::Held(train), batcher)? {
        Some(0) => Err(TrainingError::NoBatches { corpus: settings.train_corpus.clone() }),
        n_steps => Ok(n_steps),
    }
}

/// How many steps a run takes at most; `None` if nothing but patience ends it. Of epochs they are counted on the corpus in its
/// own order: in another one an epoch may have a batch more or less.
///
/// # Errors
/// If the schedule of the batches' sizes ends.
pub(in crate::run) fn n_steps(
    settings: &TrainingConfig,
    corpus: &TrainCorpus,
    mut batcher: Box<dyn Batcher>,
) -> Result<Option<usize>, TrainingError> {
    // spaCy: steps count from 0, so there is one update more than `max_steps` (loop.py).
    let by_steps = (settings.max_steps > 0).then(|| settings.max_steps + 1);
    if settings.max_epochs <= 0 || corpus.is_stream() {
        return Ok(by_steps);
    }
    let order: Vec<usize> = (0..corpus.held().len()).collect();
    // Nothing draws from it: the examples are in memory.
    let random = SharedRandom::new(settings.seed);
    let (mut n_epochs, mut n_steps) = (0, 0);
    while !is_last_epoch(settings, n_epochs, n_steps) {
        for batch in corpus.epoch(&mut *batcher, &order, &random) {
            batch?;
            n_steps += 1;
        }
        n_epochs += 1;
        if by_steps.is_some_and(|by_steps| n_steps >= by_steps) {
            return Ok(by_steps);
        }
        if n_steps == 0 {
            // More epochs have no more batches.
            break;
        }
    }
    Ok(Some(n_steps))
}

/// Whether a run that has taken so many epochs, and so many steps in them, takes no further one.
pub(in crate::run) fn is_last_epoch(settings: &TrainingConfig, n_epochs: usize, n_steps: usize) -> bool {
    let is_long_enough = settings.min_steps.is_none_or(|min_steps| n_steps >= min_steps);
    settings.max_epochs > 0 && n_epochs >= settings.max_epochs as usize && is_long_enough
}
