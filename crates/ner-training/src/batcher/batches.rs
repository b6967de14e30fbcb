use std::collections::{HashMap, VecDeque};

use super::{Batcher, Grouped, Item, Pass};
use crate::TrainingError;

/// The batches of one pass over `items`, made as they are asked for; `length` gives an item's number of tokens.
///
/// The batches end with an error if the schedule of sizes ends, or gives a size that holds nothing.
pub fn batches<I, F>(batcher: &mut dyn Batcher, items: I, length: F) -> Batches<'_, I::IntoIter, F>
where
    I: IntoIterator,
    F: Fn(&I::Item) -> usize,
{
    let mut batches =
        Batches { source: None, length, n_items: 0, waiting: HashMap::new(), ready: VecDeque::new() };
    match batcher.start() {
        Ok(pass) => batches.source = Some((items.into_iter(), pass)),
        // An error of the start is the first item, so that a caller meets all errors in one place.
        Err(error) => batches.ready.push_back(Err(error)),
    }
    batches
}

/// The batches of one pass, see [`batches`].
pub struct Batches<'a, I: Iterator, F> {
    /// The items to come and the pass over them, until all items are read or something fails.
    source: Option<(I, Box<dyn Pass + 'a>)>,
    length: F,
    n_items: usize,
    /// The items that are in no batch yet, by their numbers.
    // By number, not a queue: a batch of one long item overtakes those that wait, and buffers are sorted by
    // length.
    waiting: HashMap<usize, I::Item>,
    ready: VecDeque<Result<Vec<I::Item>, TrainingError>>,
}

impl<I: Iterator, F: Fn(&I::Item) -> usize> Iterator for Batches<'_, I, F> {
    type Item = Result<Vec<I::Item>, TrainingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(batch);
            }
            let (items, pass) = self.source.as_mut()?;
            let mut grouped = Grouped::default();
            let next = items.next();
            let at_end = next.is_none();
            let result = match next {
                Some(item) => {
                    let place = Item { number: self.n_items, length: (self.length)(&item) };
                    self.n_items += 1;
                    self.waiting.insert(place.number, item);
                    pass.push(place, &mut grouped)
                }
                None => pass.finish(&mut grouped),
            };
            // The end for good, since `items` need not be fused, and a second `finish` might draw another size.
            if at_end || result.is_err() {
                self.source = None;
            }
            // Batches before the error: spaCy's generators yield a full batch before they draw the next size.
            self.take(grouped);
            self.ready.extend(result.err().map(Err));
        }
    }
}

impl<I: Iterator, F> Batches<'_, I, F> {
    fn take(&mut self, grouped: Grouped) {
        for number in grouped.discarded {
            self.waiting.remove(&number);
        }
        for batch in grouped.batches {
            // A batcher of another crate may name a number twice: the second time the item is gone, and is left
            // out.
            let items = batch.into_iter().filter_map(|number| self.waiting.remove(&number));
            self.ready.push_back(Ok(items.collect()));
        }
    }
}
