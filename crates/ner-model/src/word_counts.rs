//! What a network knows of the words that it was trained on.

use std::sync::{Arc, RwLock};

use hashbrown::HashTable;
use ner_thinc::{Attr, ThincError};
use rmpv::Value;

/// How often each word stood in the training corpus, by the id of its string.
///
/// All networks that are made of one recipe share the counts: they belong to what a network is, as its sizes do, and a
/// copy that is made to be taught or to be loaded has them, too.
#[derive(Clone, Debug, Default)]
pub struct WordCounts(Arc<RwLock<Arc<Counts>>>);

/// A number for each of some words, by the id of its string. Ids are hashes already, and are looked up once a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(HashTable<(u64, u32)>);

impl Counts {
    /// The count of a word; `None` if there is none.
    #[inline]
    pub(crate) fn get(&self, word: u64) -> Option<u32> {
        self.0.find(word, |&(other, _)| other == word).map(|&(_, count)| count)
    }

    /// Whether nothing was counted yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts one more of a word.
    pub(crate) fn add(&mut self, word: u64) {
        let mut entry =
            self.0.entry(word, |&(other, _)| other == word, |&(other, _)| other).or_insert((word, 0));
        let count = &mut entry.get_mut().1;
        *count = count.saturating_add(1);
    }

    /// Keeps the words whose counts satisfy a condition.
    pub(crate) fn retain(&mut self, mut condition: impl FnMut(u32) -> bool) {
        self.0.retain(|(_, count)| condition(*count));
    }

    /// Words and counts, the lowest id first.
    fn sorted(&self) -> Vec<(u64, u32)> {
        let mut counts: Vec<(u64, u32)> = self.0.iter().copied().collect();
        counts.sort_unstable();
        counts
    }
}

impl FromIterator<(u64, u32)> for Counts {
    fn from_iter<I: IntoIterator<Item = (u64, u32)>>(counts: I) -> Counts {
        let mut table = HashTable::new();
        for (word, count) in counts {
            let entry = table.entry(word, |&(other, _): &(u64, u32)| other == word, |&(other, _)| other);
            entry.insert((word, count));
        }
        Counts(table)
    }
}

/// The attribute of a layer that holds the ids of words, ascending, eight bytes each, the lowest first.
pub(crate) const WORDS: &str = "words";
/// The attribute that holds their counts in the same order, four bytes each.
pub(crate) const COUNTS: &str = "counts";

impl WordCounts {
    /// The counts as they are now.
    pub(crate) fn get(&self) -> Arc<Counts> {
        self.0.read().expect("no holder panics").clone()
    }

    /// Takes these in place of those before.
    pub(crate) fn set(&self, counts: Counts) {
        *self.0.write().expect("no holder panics") = Arc::new(counts);
    }

    /// The values of the attributes [`WORDS`] and [`COUNTS`].
    pub(crate) fn values(&self) -> [Value; 2] {
        let counts = self.get().sorted();
        let words: Vec<u8> = counts.iter().flat_map(|(word, _)| word.to_le_bytes()).collect();
        let counts: Vec<u8> = counts.iter().flat_map(|(_, count)| count.to_le_bytes()).collect();
        [words.into(), counts.into()]
    }

    /// Takes the counts of these attributes.
    pub(crate) fn read(&self, words: Option<&Attr>, counts: Option<&Attr>) -> Result<(), ThincError> {
        let words = bytes(WORDS, words)?;
        let counts = bytes(COUNTS, counts)?;
        let (words, rest) = words.as_chunks::<8>();
        let (counts, rest_of_counts) = counts.as_chunks::<4>();
        if words.len() != counts.len() || !rest.is_empty() || !rest_of_counts.is_empty() {
            return Err(ThincError::Mismatch {
                what: format!("the attribute {COUNTS}"),
                found: format!("{} counts", counts.len()),
                expected: format!("one for each of {} words", words.len()),
            });
        }
        let pairs = words.iter().zip(counts);
        self.set(
            pairs.map(|(word, count)| (u64::from_le_bytes(*word), u32::from_le_bytes(*count))).collect(),
        );
        Ok(())
    }
}

fn bytes(name: &str, attr: Option<&Attr>) -> Result<Vec<u8>, ThincError> {
    match attr.and_then(Attr::value) {
        Some(Value::Binary(bytes)) => Ok(bytes),
        _ => Err(ThincError::Missing { what: format!("the bytes of attribute {name}") }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_return_from_the_attributes_that_they_were_written_to() {
        let counts = WordCounts::default();
        counts.set(Counts::from_iter([(u64::MAX, 3), (7, 1), (1 << 40, u32::MAX)]));
        let [words, numbers] = counts.values();
        assert_eq!(words.as_slice().map(|words| (words.len(), words[0])), Some((24, 7)));
        let read = WordCounts::default();
        read.read(Some(&Attr::new(words)), Some(&Attr::new(numbers))).unwrap();
        assert_eq!(read.get().sorted(), counts.get().sorted());
    }

    #[test]
    fn damaged_attributes_are_refused() {
        let read = |words: Vec<u8>, counts: Vec<u8>| {
            WordCounts::default().read(Some(&Attr::new(words)), Some(&Attr::new(counts)))
        };
        assert!(read(vec![0; 16], vec![0; 8]).is_ok());
        for (words, counts) in [(16, 4), (15, 8), (16, 9)] {
            assert!(read(vec![0; words], vec![0; counts]).is_err());
        }
        assert!(WordCounts::default().read(None, None).is_err());
        assert!(WordCounts::default().read(Some(&Attr::new(7)), Some(&Attr::new(7))).is_err());
    }
}
