use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, RwLock};

/// The id of a string: its reserved number if it is one of spaCy's symbols, 0 if it is empty, else its
/// 64-bit MurmurHash.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringId(pub u64);

impl StringId {
    /// The id of the empty string, which also stands for "no value".
    pub const EMPTY: StringId = StringId(0);

    /// The id of `text`.
    pub fn of(text: &str) -> StringId {
        match SYMBOL_IDS.get(text) {
            Some(&id) => StringId(id),
            None => StringId(murmur_hash64a(text.as_bytes(), 1)),
        }
    }

    /// Whether this is the id of the empty string.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The reserved symbol with this id, if it is one.
    pub fn symbol(self) -> Option<&'static str> {
        SYMBOLS.get(usize::try_from(self.0).ok()?).copied()
    }
}

impl fmt::Display for StringId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The reserved symbols in the order of their ids, the empty string first.
static SYMBOLS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("symbols.txt").lines().collect());

static SYMBOL_IDS: LazyLock<HashMap<&'static str, u64>> =
    LazyLock::new(|| SYMBOLS.iter().copied().zip(0..).collect());

/// MurmurHash64A (Austin Appleby, 2008) with little-endian reads.
pub(crate) fn murmur_hash64a(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let (chunks, tail) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let mut k = u64::from_le_bytes(*chunk).wrapping_mul(M);
        k ^= k >> R;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(M);
    }
    hash ^= hash >> R;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> R)
}

/// The strings behind ids: labels, tags, lemmas and whatever else annotations name. Words of running text are
/// not kept here, so annotating a stream does not make it grow.
#[derive(Debug, Default)]
pub struct StringStore {
    strings: RwLock<HashMap<StringId, Arc<str>>>,
}

impl StringStore {
    /// Keeps `text` and returns its id.
    pub fn add(&self, text: &str) -> StringId {
        let id = StringId::of(text);
        if id.symbol().is_none() && !self.read().contains_key(&id) {
            self.strings.write().expect("no writer panics").entry(id).or_insert_with(|| text.into());
        }
        id
    }

    /// The string with this id, if it is a symbol or was added.
    pub fn get(&self, id: StringId) -> Option<Arc<str>> {
        match id.symbol() {
            Some(symbol) => Some(symbol.into()),
            None => self.read().get(&id).cloned(),
        }
    }

    /// All strings that were added, in no particular order; symbols are not among them.
    pub fn to_vec(&self) -> Vec<Arc<str>> {
        self.read().values().cloned().collect()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<StringId, Arc<str>>> {
        self.strings.read().expect("no writer panics")
    }
}
