use std::mem;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Batcher, Grouping, Ready, Sizes, Strategy, batcher};
use crate::error::TrainingError;

/// Batches of so many items.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBySequenceConfig {
    /// The number of items.
    pub size: NumberOrBlock,
    /// Must be null: it would have no effect.
    #[serde(default)]
    pub get_length: Option<Block>,
}

pub(crate) fn batch_by_sequence(
    config: BatchBySequenceConfig,
    builder: &Builder,
) -> Result<Batcher, ConfigError> {
    batcher(Strategy::Sequence, &config.size, config.get_length.as_ref(), builder)
}

pub(super) struct Sequence<T> {
    size: usize,
    batch: Vec<T>,
}

impl<T> Sequence<T> {
    pub(super) fn start(sizes: &mut Sizes) -> Result<Sequence<T>, TrainingError> {
        Ok(Sequence { size: next_size(sizes)?, batch: Vec::new() })
    }

    fn advance(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        ready.push_back(Ok(mem::take(&mut self.batch)));
        self.size = next_size(sizes)?;
        Ok(())
    }
}

impl<T> Grouping<T> for Sequence<T> {
    fn push(
        &mut self,
        item: T,
        _: usize,
        sizes: &mut Sizes,
        ready: &mut Ready<T>,
    ) -> Result<(), TrainingError> {
        self.batch.push(item);
        if self.batch.len() < self.size { Ok(()) } else { self.advance(sizes, ready) }
    }

    fn finish(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        if self.batch.is_empty() { Ok(()) } else { self.advance(sizes, ready) }
    }
}

fn next_size(sizes: &mut Sizes) -> Result<usize, TrainingError> {
    let size = sizes.next()?;
    if size < 1.0 { Err(TrainingError::SizeTooSmall { size }) } else { Ok(size as usize) }
}
