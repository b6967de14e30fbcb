use std::mem;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Batcher, Grouping, Ready, Sizes, Strategy, batcher};
use crate::error::TrainingError;

/// Batches of about so many words.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchByWordsConfig {
    /// The number of words.
    pub size: NumberOrBlock,
    /// By which part of the size a batch may be larger.
    pub tolerance: f64,
    /// Whether to leave out items that are too large even alone; else they get a batch of their own.
    pub discard_oversize: bool,
    /// Must be null: the length of an item is its number of tokens.
    #[serde(default)]
    pub get_length: Option<Block>,
}

pub(crate) fn batch_by_words(config: BatchByWordsConfig, builder: &Builder) -> Result<Batcher, ConfigError> {
    let BatchByWordsConfig { size, tolerance, discard_oversize, get_length } = config;
    let strategy = Strategy::Words(Settings { tolerance, discard_oversize });
    batcher(strategy, &size, get_length.as_ref(), builder)
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    tolerance: f64,
    discard_oversize: bool,
}

/// A batch that grows to the size, and an overflow that grows to what is tolerated and opens the next batch.
pub(super) struct Words<T> {
    settings: Settings,
    size: f64,
    batch: Group<T>,
    overflow: Group<T>,
}

struct Group<T> {
    items: Vec<T>,
    n_words: usize,
}

impl<T> Default for Group<T> {
    fn default() -> Group<T> {
        Group { items: Vec::new(), n_words: 0 }
    }
}

impl<T> Group<T> {
    fn push(&mut self, item: T, n_words: usize) {
        self.items.push(item);
        self.n_words += n_words;
    }
}

impl<T> Words<T> {
    pub(super) fn start(settings: Settings, sizes: &mut Sizes) -> Result<Words<T>, TrainingError> {
        Ok(Words { settings, size: sizes.next()?, batch: Group::default(), overflow: Group::default() })
    }

    fn fits(&self, n_words: usize) -> bool {
        n_words as f64 <= self.size
    }

    fn is_tolerated(&self, n_words: usize) -> bool {
        n_words as f64 <= self.size + self.size * self.settings.tolerance
    }

    /// Gives the batch, if there is something in it, and goes on with the overflow and a new size.
    fn advance(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        let batch = mem::replace(&mut self.batch, mem::take(&mut self.overflow));
        if !batch.items.is_empty() {
            ready.push_back(Ok(batch.items));
        }
        self.size = sizes.next()?;
        Ok(())
    }
}

impl<T> Grouping<T> for Words<T> {
    fn push(
        &mut self,
        item: T,
        length: usize,
        sizes: &mut Sizes,
        ready: &mut Ready<T>,
    ) -> Result<(), TrainingError> {
        if !self.is_tolerated(length) {
            // spaCy: an item that is too large overtakes those that wait.
            if !self.settings.discard_oversize {
                ready.push_back(Ok(vec![item]));
            }
            return Ok(());
        }
        if self.overflow.n_words == 0 && self.fits(self.batch.n_words + length) {
            self.batch.push(item, length);
            return Ok(());
        }
        if self.is_tolerated(self.batch.n_words + self.overflow.n_words + length) {
            self.overflow.push(item, length);
            return Ok(());
        }
        self.advance(sizes, ready)?;
        if self.fits(self.batch.n_words + length) {
            self.batch.push(item, length);
        } else if self.is_tolerated(self.batch.n_words + length) {
            self.overflow.push(item, length);
        } else {
            self.advance(sizes, ready)?;
            self.batch.push(item, length);
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        self.batch.items.append(&mut self.overflow.items);
        if !self.batch.items.is_empty() {
            ready.push_back(Ok(mem::take(&mut self.batch.items)));
        }
        Ok(())
    }
}
