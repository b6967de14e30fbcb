use ner_cpython::NumpyRandom;
use ner_layers::HashEmbed;

use crate::word_counts::{Counts, WordCounts};

/// The id of the empty string, which is no feature of a word: stands for all that the training corpus lacks.
pub(super) const UNKNOWN: u64 = 0;

/// Embeddings of one feature of words, by the ids of its values.
#[derive(Debug)]
pub(super) struct KnownTable {
    pub(super) embed: HashEmbed,
    /// How often each value stood in the training corpus.
    pub(super) counts: WordCounts,
}

/// A value, or [`UNKNOWN`] in its place if training has not seen it.
pub(super) fn known(id: u64, counts: &Counts) -> u64 {
    if counts.get(id).is_some() { id } else { UNKNOWN }
}

/// The same, and now and then [`UNKNOWN`] in the place of one that it has seen: with 1 / (1 + count), in a prototype of one seed
/// 1.6 F further than no unknown word on BC5CDR, and 3.8 on WNUT-17; with 3 / (3 + count), and all words that stand once unknown,
/// F was lower again.
pub(super) fn drawn(id: u64, counts: &Counts, random: &mut NumpyRandom) -> u64 {
    match counts.get(id) {
        Some(count) if random.random() * f64::from(count + 1) >= 1.0 => id,
        _ => UNKNOWN,
    }
}
