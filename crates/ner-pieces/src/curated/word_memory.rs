use std::sync::{PoisonError, RwLock};

use hashbrown::HashMap;

/// The most words that are remembered, about 10 MB of them; then all are forgotten. Text of one kind has fewer.
const MAX_WORDS: usize = 1 << 17;

/// Longer words hardly come again.
const MAX_BYTES: usize = 64;

/// Words with their pieces.
pub(super) type Words = HashMap<Box<str>, Box<[u32]>>;

/// The pieces of words that were met before. A copy remembers nothing.
#[derive(Debug, Default)]
pub(super) struct WordMemory(RwLock<Words>);

impl Clone for WordMemory {
    fn clone(&self) -> WordMemory {
        WordMemory::default()
    }
}

impl WordMemory {
    /// Lends what is remembered, which others may read at the same time, and takes in what `work` has learned. A panic
    /// elsewhere leaves whole words alone.
    pub(super) fn with<R>(&self, work: impl FnOnce(&Words, &mut Words) -> R) -> R {
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
