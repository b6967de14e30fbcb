use std::num::NonZeroUsize;

/// Cuts a batch into `n_parts` of equal size and a rest, short items first, so that their gradients can be added up;
/// empty parts are left out.
pub fn subdivide<T>(
    mut batch: Vec<T>,
    n_parts: NonZeroUsize,
    length: impl Fn(&T) -> usize,
) -> impl Iterator<Item = Vec<T>> {
    // spaCy: sorted even if the batch stays whole (loop.py): the order decides which documents share a mask of
    // dropout. The sort is stable, as Python's is.
    batch.sort_by_key(length);
    let size = batch.len() / n_parts;
    let mut items = batch.into_iter();
    // spaCy: the rest is a part of its own, so there may be one part more than asked for (loop.py).
    (0..=n_parts.get())
        .map(move |part| {
            if part < n_parts.get() { items.by_ref().take(size).collect() } else { items.by_ref().collect() }
        })
        .filter(|part: &Vec<T>| !part.is_empty())
}
