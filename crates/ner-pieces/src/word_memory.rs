use std::sync::{PoisonError, RwLock};

use hashbrown::HashMap;

/// The most words that are remembered, about 10 MB of them; then all are forgotten. Text of one kind has fewer.
const MAX_WORDS: usize = 1 << 17;

/// Longer words hardly come again.
const MAX_BYTES: usize = 64;

/// Words with what is known of them.
pub(crate) type Words<T> = HashMap<Box<str>, T>;

/// The pieces of words that were met before. A copy remembers nothing.
#[derive(Debug)]
pub(crate) struct WordMemory<T>(RwLock<Words<T>>);

impl<T> Default for WordMemory<T> {
    fn default() -> WordMemory<T> {
        WordMemory(RwLock::default())
    }
}

impl<T> Clone for WordMemory<T> {
    fn clone(&self) -> WordMemory<T> {
        WordMemory::default()
    }
}

impl<T> WordMemory<T> {
    /// Lends what is remembered, which others may read at the same time, and takes in what `work` has learned. A panic
    /// elsewhere leaves whole words alone.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&Words<T>, &mut Words<T>) -> R) -> R {
        let mut learned = Words::new();
        let result = work(&self.0.read().unwrap_or_else(PoisonError::into_inner), &mut learned);
        learned.retain(|word, _| word.len() <= MAX_BYTES);
        if !learned.is_empty() {
            let mut words = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if words.len() + learned.len() > MAX_WORDS {
                words.clear();
            }
            words.extend(learned.into_iter().take(MAX_WORDS));
        }
        result
    }
}
