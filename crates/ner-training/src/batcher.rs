mod padded;
mod sequence;
mod words;

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use ner_config::{Block, Builder, ConfigError, NumberOrBlock};
use ner_optim::Schedule;

use crate::error::TrainingError;

pub use padded::BatchByPaddedConfig;
pub(crate) use padded::batch_by_padded;
pub use sequence::BatchBySequenceConfig;
pub(crate) use sequence::batch_by_sequence;
pub use words::BatchByWordsConfig;
pub(crate) use words::batch_by_words;

/// Groups the items of a pass into batches; the next pass goes on with the sizes where this one left them.
#[derive(Debug)]
pub struct Batcher {
    strategy: Strategy,
    sizes: Sizes,
}

#[derive(Clone, Copy, Debug)]
enum Strategy {
    Words(words::Settings),
    Padded(padded::Settings),
    Sequence,
}

impl Batcher {
    /// The batches of one pass over `items`, made as they are asked for; `length` tells an item's number of tokens.
    ///
    /// The batches end with an error if the schedule of sizes ends, or gives a size that holds nothing.
    pub fn batches<'a, I, F>(&'a mut self, items: I, length: F) -> Batches<'a, I::IntoIter, F>
    where
        I: IntoIterator,
        I::Item: 'a,
        F: Fn(&I::Item) -> usize,
    {
        let mut batches = Batches { source: None, length, sizes: &mut self.sizes, ready: VecDeque::new() };
        match start(self.strategy, batches.sizes) {
            Ok(grouping) => batches.source = Some(Source { items: items.into_iter(), grouping }),
            Err(error) => batches.ready.push_back(Err(error)),
        }
        batches
    }
}

fn start<'a, T: 'a>(
    strategy: Strategy,
    sizes: &mut Sizes,
) -> Result<Box<dyn Grouping<T> + 'a>, TrainingError> {
    Ok(match strategy {
        Strategy::Words(settings) => Box::new(words::Words::start(settings, sizes)?),
        Strategy::Padded(settings) => Box::new(padded::Padded::start(settings)),
        Strategy::Sequence => Box::new(sequence::Sequence::start(sizes)?),
    })
}

/// The batches of one pass, see [`Batcher::batches`].
pub struct Batches<'a, I: Iterator, F> {
    /// Where batches come from, until all items are read or something fails.
    source: Option<Source<'a, I>>,
    length: F,
    sizes: &'a mut Sizes,
    ready: Ready<I::Item>,
}

/// The items to come, and how they are grouped.
struct Source<'a, I: Iterator> {
    items: I,
    grouping: Box<dyn Grouping<I::Item> + 'a>,
}

type Ready<T> = VecDeque<Result<Vec<T>, TrainingError>>;

impl<I: Iterator, F: Fn(&I::Item) -> usize> Iterator for Batches<'_, I, F> {
    type Item = Result<Vec<I::Item>, TrainingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(batch);
            }
            let Source { items, grouping } = self.source.as_mut()?;
            let (result, at_end) = match items.next() {
                Some(item) => {
                    let length = (self.length)(&item);
                    (grouping.push(item, length, self.sizes, &mut self.ready), false)
                }
                None => (grouping.finish(self.sizes, &mut self.ready), true),
            };
            if at_end || result.is_err() {
                self.source = None;
            }
            self.ready.extend(result.err().map(Err));
        }
    }
}

/// A way to group items, in the middle of a pass.
trait Grouping<T> {
    /// Takes the next item, and gives the batches that are full by now.
    fn push(
        &mut self,
        item: T,
        length: usize,
        sizes: &mut Sizes,
        ready: &mut Ready<T>,
    ) -> Result<(), TrainingError>;

    /// Gives what is left at the end of a pass.
    fn finish(&mut self, sizes: &mut Sizes, ready: &mut Ready<T>) -> Result<(), TrainingError>;
}

/// The sizes of the batches to come.
#[derive(Debug)]
struct Sizes(Schedule);

impl Sizes {
    fn next(&mut self) -> Result<f64, TrainingError> {
        self.0.next().ok_or(TrainingError::SizesEnded)
    }
}

/// Builds a batcher of the arguments that all of them have.
fn batcher(
    strategy: Strategy,
    size: &NumberOrBlock,
    get_length: Option<&Block>,
    builder: &Builder,
) -> Result<Batcher, ConfigError> {
    if let NumberOrBlock::Number(number) = size
        && (number.fract() != 0.0 || *number < 0.0)
    {
        let message = format!("found {number}, expected a whole number of at least 0, or a schedule");
        return Err(builder.invalid("size", message));
    }
    if get_length.is_some() {
        let message = "found a block, expected null: an item's length is its number of tokens";
        return Err(builder.invalid("get_length", message));
    }
    Ok(Batcher { strategy, sizes: Sizes(Schedule::build(size, builder)?) })
}

/// Cuts a batch into `n_parts` of equal size and a rest, short items first, so that their gradients can be added up;
/// empty parts are left out.
pub fn subdivide<T>(
    mut batch: Vec<T>,
    n_parts: NonZeroUsize,
    length: impl Fn(&T) -> usize,
) -> impl Iterator<Item = Vec<T>> {
    batch.sort_by_key(length);
    let size = batch.len() / n_parts;
    let mut items = batch.into_iter();
    (0..=n_parts.get())
        .map(move |part| {
            if part < n_parts.get() { items.by_ref().take(size).collect() } else { items.by_ref().collect() }
        })
        .filter(|part: &Vec<T>| !part.is_empty())
}
