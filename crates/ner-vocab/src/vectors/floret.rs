use ner_cpython::murmur128;
use serde::{Deserialize, Serialize};

use crate::Attribute;

/// How floret (Explosion, 2021) hashes a word's parts to rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloretSettings {
    /// Shortest parts, in code points.
    pub minn: usize,
    /// Longest parts.
    pub maxn: usize,
    /// Rows a part: 1 to 4.
    pub hash_count: usize,
    /// Seed of the hash function.
    pub hash_seed: u32,
    /// Mark of the beginning of a word.
    pub bow: String,
    /// Mark of the end of a word.
    pub eow: String,
    /// The token's feature whose text is looked up.
    #[serde(default = "orth")]
    pub attr: Attribute,
}

fn orth() -> Attribute {
    Attribute::ORTH
}

impl FloretSettings {
    /// Calls `visit` with the hashes of each part of the word: the whole word, then all stretches of `minn` to
    /// `maxn` characters, shortest first. An empty word has no parts.
    pub fn for_each_hash(&self, text: &str, mut visit: impl FnMut(u32)) {
        if text.is_empty() {
            return;
        }
        let word = format!("{}{text}{}", self.bow, self.eow);
        // Parts are counted in characters and cut in bytes.
        let ends: Vec<usize> = word.char_indices().map(|(end, _)| end).chain([word.len()]).collect();
        let mut visit_part = |part: &str| {
            let hashes = murmur128(part.as_bytes(), self.hash_seed);
            hashes.into_iter().take(self.hash_count).for_each(&mut visit);
        };
        // spaCy: in this order (_get_ngrams in vectors.pyx), on which the last bits of the sum depend.
        visit_part(&word);
        for length in self.minn..=self.maxn.min(ends.len() - 1) {
            (0..ends.len() - length).for_each(|start| visit_part(&word[ends[start]..ends[start + length]]));
        }
    }
}
