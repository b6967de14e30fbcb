use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use crate::murmur::hash64a;
use crate::symbols::{symbol, symbol_id};

/// The id of a string: its reserved number if it is one of spaCy's symbols, 0 if it is empty, else its
/// 64-bit MurmurHash.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringId(pub u64);

impl StringId {
    /// The id of the empty string, which also stands for "no value".
    pub const EMPTY: StringId = StringId(0);

    /// The id of `text`.
    pub fn of(text: &str) -> StringId {
        let hash = hash64a(text.as_bytes(), 1);
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

/// A map from ids, which are hashes already.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Passes ids through. Symbols' ids are small, so they are spread over the bits that a map looks at.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash64a(bytes, self.0);
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The strings behind ids: labels, tags, lemmas and whatever else annotations name. Words of running text are
/// not kept here, so annotating a stream does not make it grow.
#[derive(Default)]
pub struct StringStore {
    strings: RwLock<IdMap<StringId, Arc<str>>>,
    /// Strings to be added when one is asked for that is not there.
    unread: Mutex<Vec<Unread>>,
}

type Unread = Box<dyn FnOnce(&mut dyn FnMut(&str)) + Send>;

impl fmt::Debug for StringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StringStore").field("strings", &self.strings).finish_non_exhaustive()
    }
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

    /// Keeps all strings that `read` hands on, as soon as one is asked for that is not there. A trained pipeline comes
    /// with tens of thousands, of which prediction needs none.
    pub fn add_later(&self, read: impl FnOnce(&mut dyn FnMut(&str)) + Send + 'static) {
        self.unread.lock().expect("no holder panics").push(Box::new(read));
    }

    /// The string with this id, if it is a symbol or was added.
    pub fn get(&self, id: StringId) -> Option<Arc<str>> {
        if let Some(symbol) = id.symbol() {
            return Some(symbol.into());
        }
        let found = self.read().get(&id).cloned();
        found.or_else(|| {
            self.add_unread();
            self.read().get(&id).cloned()
        })
    }

    /// All strings that were added, in no particular order; symbols are not among them.
    pub fn to_vec(&self) -> Vec<Arc<str>> {
        self.add_unread();
        self.read().values().cloned().collect()
    }

    /// The lock is held meanwhile, so that whoever asks at the same time waits for the strings.
    fn add_unread(&self) {
        let mut unread = self.unread.lock().expect("no holder panics");
        for read in unread.drain(..) {
            read(&mut |text: &str| {
                self.add(text);
            });
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, IdMap<StringId, Arc<str>>> {
        self.strings.read().expect("no writer panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_and_symbols_are_always_there() {
        let strings = StringStore::default();
        let id = strings.add("London");
        assert_eq!(id, StringId(5392354317538386956));
        assert_eq!(strings.get(id).as_deref(), Some("London"));
        assert_eq!(strings.get(StringId(380)).as_deref(), Some("PERSON"));
        assert_eq!((strings.add("PERSON"), strings.add("")), (StringId(380), StringId::EMPTY));
        assert_eq!(strings.to_vec().len(), 1);
        assert_eq!(strings.get(StringId(457)), None);
    }

    #[test]
    fn strings_are_read_when_one_is_missed() {
        let strings = StringStore::default();
        let london = strings.add("London");
        strings.add_later(|add| ["Paris", "London"].into_iter().for_each(add));
        assert_eq!((strings.get(london).as_deref(), strings.read().len()), (Some("London"), 1));
        assert_eq!(strings.get(StringId::of("Paris")).as_deref(), Some("Paris"));
        strings.add_later(|add| add("Oslo"));
        assert_eq!(strings.to_vec().len(), 3);
    }
}
