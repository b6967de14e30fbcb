use std::mem;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::sizes::Sizes;
use super::{Batcher, Grouped, Item, Pass};
use crate::TrainingError;

/// Batches of about `size` words.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchByWordsConfig {
    /// The number of words.
    pub size: NumberOrBlock,
    /// The share of the size by which a batch may exceed it.
    pub tolerance: f64,
    /// Whether to leave out items that are too large even alone; else they get a batch of their own.
    pub discard_oversize: bool,
    /// Must be null: the length of an item is its number of tokens.
    #[serde(default)]
    pub get_length: Option<Block>,
}

/// `spacy.batch_by_words.v1`
pub(crate) fn batch_by_words(
    config: BatchByWordsConfig,
    builder: &Builder,
) -> Result<Box<dyn Batcher>, ConfigError> {
    let BatchByWordsConfig { size, tolerance, discard_oversize, get_length } = config;
    let sizes = Sizes::build(&size, get_length.as_ref(), builder)?;
    Ok(Box::new(ByWords { sizes, tolerance, discard_oversize }))
}

#[derive(Debug)]
struct ByWords {
    sizes: Sizes,
    tolerance: f64,
    discard_oversize: bool,
}

impl Batcher for ByWords {
    fn start(&mut self) -> Result<Box<dyn Pass + '_>, TrainingError> {
        let size = self.sizes.next()?;
        let (batch, overflow) = (Group::default(), Group::default());
        Ok(Box::new(WordsPass { by: self, size, batch, overflow }))
    }

    fn n_sizes(&self) -> usize {
        self.sizes.n_drawn()
    }

    fn skip_sizes(&mut self, n_sizes: usize) {
        self.sizes.skip(n_sizes);
    }
}

/// A batch that grows to the size, and an overflow that grows to what is tolerated and opens the next batch.
struct WordsPass<'a> {
    by: &'a mut ByWords,
    size: f64,
    batch: Group,
    overflow: Group,
}

#[derive(Default)]
struct Group {
    items: Vec<Item>,
    n_words: usize,
}

impl Group {
    fn push(&mut self, item: Item) {
        self.items.push(item);
        self.n_words += item.length;
    }
}

impl WordsPass<'_> {
    fn fits(&self, n_words: usize) -> bool {
        n_words as f64 <= self.size
    }

    fn is_tolerated(&self, n_words: usize) -> bool {
        // Not `size * (1 + tolerance)`, which rounds differently: items that just fit would change their batch.
        n_words as f64 <= self.size + self.size * self.by.tolerance
    }

    /// Gives the batch, if it holds an item, and makes the overflow the next batch, with a new size.
    fn advance(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        let batch = mem::replace(&mut self.batch, mem::take(&mut self.overflow));
        // The batch is empty if its first item was larger than the size, though tolerated: that went to the
        // overflow. spaCy: a size is drawn for it all the same (batchers.py).
        if !batch.items.is_empty() {
            grouped.batch(batch.items);
        }
        self.size = self.by.sizes.next()?;
        Ok(())
    }
}

impl Pass for WordsPass<'_> {
    fn push(&mut self, item: Item, grouped: &mut Grouped) -> Result<(), TrainingError> {
        if !self.is_tolerated(item.length) {
            // spaCy: an item that is too large overtakes those that wait (batchers.py).
            match self.by.discard_oversize {
                true => grouped.discard([item]),
                false => grouped.batch([item]),
            }
            return Ok(());
        }
        // spaCy: by words, not by items, so that empty documents in the overflow do not count (batchers.py).
        if self.overflow.n_words == 0 && self.fits(self.batch.n_words + item.length) {
            self.batch.push(item);
            return Ok(());
        }
        if self.is_tolerated(self.batch.n_words + self.overflow.n_words + item.length) {
            self.overflow.push(item);
            return Ok(());
        }
        self.advance(grouped)?;
        if self.fits(self.batch.n_words + item.length) {
            self.batch.push(item);
        } else if self.is_tolerated(self.batch.n_words + item.length) {
            self.overflow.push(item);
        } else {
            // spaCy: the item is taken whatever the new size, which a schedule may have shrunk below it (batchers.py).
            self.advance(grouped)?;
            self.batch.push(item);
        }
        Ok(())
    }

    fn finish(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError> {
        // The two together are within the tolerance, or `push` would have given the batch before.
        self.batch.items.append(&mut self.overflow.items);
        if !self.batch.items.is_empty() {
            grouped.batch(mem::take(&mut self.batch.items));
        }
        Ok(())
    }
}
