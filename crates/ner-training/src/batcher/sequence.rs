use std::mem;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::sizes::Sizes;
use super::{Batcher, Grouped, Item, Pass};
use crate::TrainingError;

/// Batches of `size` items.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBySequenceConfig {
    /// The number of items.
    pub size: NumberOrBlock,
    /// Must be null: it would have no effect.
    #[serde(default)]
    pub get_length: Option<Block>,
}

/// `spacy.batch_by_sequence.v1`
pub(crate) fn batch_by_sequence(
    config: BatchBySequenceConfig,
    builder: &Builder,
) -> Result<Box<dyn Batcher>, ConfigError> {
    let sizes = Sizes::build(&config.size, config.get_length.as_ref(), builder)?;
    Ok(Box::new(BySequence { sizes }))
}

#[derive(Debug)]
struct BySequence {
    sizes: Sizes,
}

impl BySequence {
    fn next_size(&mut self) -> Result<usize, TrainingError> {
        // In spaCy a size of 0 ends the pass silently with items left, so it is an error here.
        // spaCy: a fraction is cut off, not rounded (util.py).
        let size = self.sizes.next()?;
        if size < 1.0 { Err(TrainingError::SizeTooSmall { size }) } else { Ok(size as usize) }
    }
}

impl Batcher for BySequence {
    fn start(&mut self) -> Result<Box<dyn Pass + '_>, TrainingError> {
        // spaCy: each size is drawn before it is known whether items are left, so a pass draws one more than it
        // has batches (util.py). The schedule carries this over to the next pass.
        let size = self.next_size()?;
        Ok(Box::new(SequencePass { by: self, size, batch: Vec::new() }))
    }

    fn n_sizes(&self) -> usize {
        self.sizes.n_drawn()
    }

    fn skip_sizes(&mut self, n_sizes: usize) {
        self.sizes.skip(n_sizes);
    }
}

/// A batch that is not yet full.
struct SequencePass<'a> {
    by: &'a mut BySequence,
    size: usize,
    batch: Vec<Item>,
}

impl SequencePass<'_> {
    fn advance(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        grouped.batch(mem::take(&mut self.batch));
        self.size = self.by.next_size()?;
        Ok(())
    }
}

impl Pass for SequencePass<'_> {
    fn push(&mut self, item: Item, grouped: &mut Grouped) -> Result<(), TrainingError> {
        self.batch.push(item);
        if self.batch.len() < self.size { Ok(()) } else { self.advance(grouped) }
    }

    fn finish(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        if self.batch.is_empty() { Ok(()) } else { self.advance(grouped) }
    }
}
