use std::mem;
use std::num::NonZeroUsize;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Batcher, Grouping, Ready, Sizes, Strategy, batcher};
use crate::error::TrainingError;

/// Batches of items of similar length, of about so many words once all are padded to the longest.
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

pub(crate) fn batch_by_padded(
    config: BatchByPaddedConfig,
    builder: &Builder,
) -> Result<Batcher, ConfigError> {
    let BatchByPaddedConfig { size, buffer, discard_oversize, get_length } = config;
    let strategy = Strategy::Padded(Settings { buffer: buffer.get(), discard_oversize });
    batcher(strategy, &size, get_length.as_ref(), builder)
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    buffer: usize,
    discard_oversize: bool,
}

/// The items of a buffer that is not yet full.
pub(super) struct Padded<T> {
    settings: Settings,
    items: Vec<Item<T>>,
}

struct Item<T> {
    length: usize,
    position: usize,
    item: T,
}

impl<T> Padded<T> {
    pub(super) fn start(settings: Settings) -> Padded<T> {
        Padded { settings, items: Vec::new() }
    }

    /// Gives the batches of the buffer, those of the longest items first.
    fn flush(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        let size = sizes.next()?;
        let mut items = mem::take(&mut self.items);
        items.sort_by_key(|item| (item.length, item.position));
        let mut batches: Vec<Vec<Item<T>>> = Vec::new();
        for item in items {
            match batches.last_mut() {
                Some(batch) if padded(batch.len() + 1, item.length) <= size => batch.push(item),
                _ => batches.push(vec![item]),
            }
        }
        // spaCy: a batch that just reaches the size counts as oversize, too.
        let is_kept = |batch: &Vec<Item<T>>| {
            let longest = batch.last().map_or(0, |item| item.length);
            !(self.settings.discard_oversize && padded(batch.len(), longest) >= size)
        };
        ready.extend(batches.into_iter().rev().filter(is_kept).map(|batch| Ok(in_order(batch))));
        Ok(())
    }
}

impl<T> Grouping<T> for Padded<T> {
    fn push(
        &mut self,
        item: T,
        length: usize,
        sizes: &mut Sizes,
        ready: &mut Ready<T>,
    ) -> Result<(), TrainingError> {
        self.items.push(Item { length, position: self.items.len(), item });
        if self.items.len() < self.settings.buffer { Ok(()) } else { self.flush(sizes, ready) }
    }

    fn finish(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError> {
        if self.items.is_empty() { Ok(()) } else { self.flush(sizes, ready) }
    }
}

fn padded(n_items: usize, longest: usize) -> f64 {
    n_items as f64 * longest as f64
}

fn in_order<T>(mut batch: Vec<Item<T>>) -> Vec<T> {
    batch.sort_by_key(|item| item.position);
    batch.into_iter().map(|item| item.item).collect()
}
