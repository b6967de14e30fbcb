//! Batchers: the items of a pass over the corpus, grouped by their lengths.

mod batches;
mod padded;
mod parts;
mod sequence;
mod sizes;
mod words;

use std::fmt::Debug;

pub use batches::{Batches, batches};
pub use padded::BatchByPaddedConfig;
pub(crate) use padded::batch_by_padded;
pub use parts::subdivide;
pub use sequence::BatchBySequenceConfig;
pub(crate) use sequence::batch_by_sequence;
pub use words::BatchByWordsConfig;
pub(crate) use words::batch_by_words;

use crate::TrainingError;

/// Groups items into batches; the product of every function of the kind `@batchers`, as a `Box<dyn Batcher>`.
pub trait Batcher: Debug + Send {
    // A pass sees numbers and lengths: with items of any type there could be no `dyn Batcher` for the registry to build.
    /// Begins a pass over all items. The sizes of its batches follow those of the pass before.
    ///
    /// # Errors
    /// If the schedule of sizes has ended.
    fn start(&mut self) -> Result<Box<dyn Pass + '_>, TrainingError>;

    /// How many sizes the passes so far have drawn from the schedule.
    fn n_sizes(&self) -> usize {
        // Enough for a batcher without a schedule, which begins each pass in the same state.
        0
    }

    /// Draws sizes until `n_sizes` have been drawn, to continue where another batcher stopped.
    fn skip_sizes(&mut self, _n_sizes: usize) {}
}

/// A pass of a [`Batcher`] over the items of a corpus. It knows their numbers and lengths, and never sees the items.
pub trait Pass {
    /// Takes the next item, and gives the batches that are full now.
    ///
    /// # Errors
    /// If the schedule of sizes has ended, or gives a size that holds nothing.
    fn push(&mut self, item: Item, grouped: &mut Grouped) -> Result<(), TrainingError>;

    /// Gives the batches that are left at the end of the pass.
    ///
    /// # Errors
    /// Those of [`Pass::push`].
    fn finish(&mut self, grouped: &mut Grouped) -> Result<(), TrainingError>;
}

/// An item of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number in the pass, from 0.
    pub number: usize,
    /// Its number of tokens.
    pub length: usize,
}

/// The items that a pass has grouped so far.
#[derive(Debug, Default)]
pub struct Grouped {
    batches: Vec<Vec<usize>>,
    discarded: Vec<usize>,
}

impl Grouped {
    /// Gives a batch.
    pub fn batch(&mut self, items: impl IntoIterator<Item = Item>) {
        self.batches.push(items.into_iter().map(|item| item.number).collect());
    }

    /// Leaves items out of all batches.
    pub fn discard(&mut self, items: impl IntoIterator<Item = Item>) {
        self.discarded.extend(items.into_iter().map(|item| item.number));
    }
}
