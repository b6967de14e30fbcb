use std::sync::LazyLock;

use ner_cpython::murmur64a;

use super::id_map::IdMap;

/// The reserved symbols in the order of their ids, the empty string first.
static SYMBOLS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("symbols.txt").lines().collect());

/// From a symbol's hash to its id.
static IDS_BY_HASH: LazyLock<IdMap<u64, usize>> = LazyLock::new(|| {
    SYMBOLS.iter().enumerate().map(|(id, text)| (murmur64a(text.as_bytes(), 1), id)).collect()
});

/// The symbol with this id.
pub(crate) fn symbol(id: u64) -> Option<&'static str> {
    SYMBOLS.get(usize::try_from(id).ok()?).copied()
}

/// The id of `text` if it is a symbol; `hash` is its hash.
pub(crate) fn symbol_id(text: &str, hash: u64) -> Option<u64> {
    // By hash, which the caller has at hand; another text might have the same one, hence the comparison.
    let id = *IDS_BY_HASH.get(&hash)?;
    (SYMBOLS[id] == text).then_some(id as u64)
}
