use std::fmt;
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};

use super::StringId;
use super::id_map::IdMap;

/// The strings behind ids: labels, tags, lemmas and other names in annotations. The words of running text are not kept
/// here, so that annotating a stream does not make it grow.
#[derive(Default)]
pub struct StringStore {
    strings: RwLock<IdMap<StringId, Arc<str>>>,
    /// Readers of strings that are added when a string is asked for that is not there.
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
        // Most strings are there already; they need the read lock alone, which threads share.
        if id.symbol().is_none() && !self.read().contains_key(&id) {
            self.strings.write().expect("no writer panics").entry(id).or_insert_with(|| text.into());
        }
        id
    }

    /// Keeps all strings that `read` passes to its argument, but calls it only when a string is asked for that is not there.
    /// A trained pipeline comes with tens of thousands of strings, of which prediction needs none.
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

    /// Holds the lock while it reads, so that another thread that misses a string waits for it instead of finding nothing.
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
