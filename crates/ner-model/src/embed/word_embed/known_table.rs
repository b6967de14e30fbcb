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

/// A value, or [`UNKNOWN`] in its place if training has not seen it. As long as nothing was counted, as in pretraining, all values
/// are known.
pub(super) fn known(id: u64, counts: &Counts) -> u64 {
    if counts.is_empty() || counts.get(id).is_some() { id } else { UNKNOWN }
}

/// The same in training, and now and then [`UNKNOWN`] in the place of a value that it has seen: with a probability of
/// 1 / (1 + count). Of words alone that was worth 1.6 F on BC5CDR and 3.8 on WNUT-17 in a prototype, one seed each; with
/// 3 / (3 + count), and all words that stand once unknown, F was lower again. Of affixes and shapes it was worth another 0.2 to 0.5
/// on BC5CDR, and as much again without invented words: docs/measurements.md, "More right entities".
pub(super) fn drawn(id: u64, counts: &Counts, random: &mut NumpyRandom) -> u64 {
    match counts.get(id) {
        Some(count) if random.random() * f64::from(count + 1) >= 1.0 => id,
        None if counts.is_empty() => id,
        _ => UNKNOWN,
    }
}
