use std::fmt;

use ner_cpython::murmur64a;

use super::symbols::{symbol, symbol_id};

/// The id of a string: its reserved number if it is one of spaCy's symbols, 0 if it is empty, else its
/// 64-bit MurmurHash.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringId(pub u64);

impl StringId {
    /// The id of the empty string, which also stands for "no value".
    pub const EMPTY: StringId = StringId(0);

    /// The id of `text`.
    pub fn of(text: &str) -> StringId {
        // spaCy: the seed is 1 (strings.pyx). Every trained table of embeddings depends on it.
        let hash = murmur64a(text.as_bytes(), 1);
        // spaCy: symbols go first (strings.pyx): the token "X" has the number of a part of speech.
        StringId(symbol_id(text, hash).unwrap_or(hash))
    }

    /// Whether this is the id of the empty string.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The reserved symbol with this id, if it is one.
    pub fn symbol(self) -> Option<&'static str> {
        symbol(self.0)
    }
}

impl fmt::Display for StringId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
