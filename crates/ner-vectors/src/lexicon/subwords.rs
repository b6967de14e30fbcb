use ner_vocab::FloretSettings;

use crate::{Mode, Settings};

/// From a word to the rows of its parts.
///
/// Parts are hashed as floret does it, also where words have rows of their own beside those of their parts: so there is one
/// way of hashing, and that of spaCy.
#[derive(Debug)]
pub(crate) struct Subwords {
    pub(crate) floret: FloretSettings,
    mode: Mode,
    bucket: u32,
    /// The rows before those of parts.
    n_own: u32,
}

impl Subwords {
    /// `n_own` words have rows of their own, in the default mode.
    pub(crate) fn new(settings: &Settings, n_own: usize) -> Subwords {
        let Settings { mode, attr, minn, maxn, bucket, hash_count, .. } = *settings;
        // floret's marks and the seed of spaCy's tables.
        let (bow, eow) = ("<".to_owned(), ">".to_owned());
        let floret = FloretSettings { minn, maxn, hash_count, hash_seed: 2166136261, bow, eow, attr };
        let n_own = if mode == Mode::Floret { 0 } else { n_own as u32 };
        Subwords { floret, mode, bucket: bucket as u32, n_own }
    }

    /// The number of rows that words and parts take.
    pub(crate) fn n_rows(&self) -> usize {
        let has_buckets = self.mode == Mode::Floret || self.floret.maxn > 0;
        self.n_own as usize + if has_buckets { self.bucket as usize } else { 0 }
    }

    /// The rows whose mean is the vector of a word; `own` is its own row, if it has one.
    pub(crate) fn rows(&self, word: &str, own: Option<u32>) -> Vec<u32> {
        let mut rows = Vec::new();
        self.floret.for_each_hash(word, |hash| rows.push(self.n_own + hash % self.bucket));
        if self.mode == Mode::Table {
            // The first part is the word as a whole, for which its own row stands.
            rows.drain(..self.floret.hash_count.min(rows.len()));
            rows.extend(own);
        }
        rows
    }
}
