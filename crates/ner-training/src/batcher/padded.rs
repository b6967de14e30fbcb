use std::mem;
use std::num::NonZeroUsize;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::sizes::Sizes;
use super::{Batcher, Grouped, Item, Pass};
use crate::TrainingError;

/// Batches of items of similar length, of about `size` words once all are padded to the longest.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchByPaddedConfig {
    /// The number of words with padding.
    pub size: NumberOrBlock,
    /// How many items are sorted by length at a time.
    pub buffer: NonZeroUsize,
    /// Whether to leave out batches that reach the size.
    pub discard_oversize: bool,
    /// Must be null: the length of an item is its number of tokens.
    #[serde(default)]
    pub get_length: Option<Block>,
}

/// `spacy.batch_by_padded.v1`
pub(crate) fn batch_by_padded(
    config: BatchByPaddedConfig,
    builder: &Builder,
) -> Result<Box<dyn Batcher>, ConfigError> {
    let BatchByPaddedConfig { size, buffer, discard_oversize, get_length } = config;
    let sizes = Sizes::build(&size, get_length.as_ref(), builder)?;
    Ok(Box::new(ByPadded { sizes, buffer: buffer.get(), discard_oversize }))
}

#[derive(Debug)]
struct ByPadded {
    sizes: Sizes,
    buffer: usize,
    discard_oversize: bool,
}

impl Batcher for ByPadded {
    fn start(&mut self) -> Result<Box<dyn Pass + '_>, TrainingError> {
        Ok(Box::new(PaddedPass { by: self, items: Vec::new() }))
    }

    fn n_sizes(&self) -> usize {
        self.sizes.n_drawn()
    }

    fn skip_sizes(&mut self, n_sizes: usize) {
        self.sizes.skip(n_sizes);
    }
}

/// The items of a buffer that is not yet full.
struct PaddedPass<'a> {
    by: &'a mut ByPadded,
    items: Vec<Item>,
}

impl PaddedPass<'_> {
    /// Gives the batches of the buffer, those of the longest items first.
    fn flush(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        // spaCy: one size for all batches of a buffer, not one for each (batchers.py).
        let size = self.by.sizes.next()?;
        let mut items = mem::take(&mut self.items);
        // In ascending order the item to add is the longest of its batch, so `padded` needs no maximum.
        items.sort_by_key(|item| (item.length, item.number));
        let mut batches: Vec<Vec<Item>> = Vec::new();
        for item in items {
            match batches.last_mut() {
                Some(batch) if padded(batch.len() + 1, item.length) <= size => batch.push(item),
                _ => batches.push(vec![item]),
            }
        }
        // spaCy: the batches of long items come first, and inside each the order of the corpus is restored
        // (batchers.py).
        for mut batch in batches.into_iter().rev() {
            let longest = batch.last().map_or(0, |item| item.length);
            // spaCy: a batch that just reaches the size counts as oversize, too (batchers.py).
            if self.by.discard_oversize && padded(batch.len(), longest) >= size {
                grouped.discard(batch);
            } else {
                batch.sort_by_key(|item| item.number);
                grouped.batch(batch);
            }
        }
        Ok(())
    }
}

impl Pass for PaddedPass<'_> {
    fn push(&mut self, item: Item, grouped: &mut Grouped) -> Result<(), TrainingError> {
        self.items.push(item);
        if self.items.len() < self.by.buffer { Ok(()) } else { self.flush(grouped) }
    }

    fn finish(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        if self.items.is_empty() { Ok(()) } else { self.flush(grouped) }
    }
}

fn padded(n_items: usize, longest: usize) -> f64 {
    // A float, since a schedule's sizes are, and spaCy compares with them unrounded.
    n_items as f64 * longest as f64
}
