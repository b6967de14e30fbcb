use std::sync::{Arc, RwLock};

use hashbrown::HashTable;
use ner_vocab::Vocab;

use crate::DistinctWords;
use crate::embed::distinct_words::hash;

/// The most numbers of a generation, 32 MiB: 8700 words of the default encoder, at 4 KB each.
const MAX_NUMBERS: usize = 1 << 23;

/// The numbers that follow from a word alone, of words that were met before, as long as the weights stay the same.
///
/// Memory is bounded by two generations: when the young one is full it becomes the old one, and what that held is forgotten.
/// A word of the old generation that is met again moves to the young one, so frequent words stay, without a clock or a list
/// of what was used when.
#[derive(Debug, Default)]
pub(super) struct WordMemory(
    /// In a box, so that a network stays small where it is moved.
    Box<RwLock<Generations>>,
);

#[derive(Debug, Default)]
struct Generations {
    /// Whose static vectors the numbers depend on. Held, so that no other vocabulary takes its address.
    vocab: Option<Arc<Vocab>>,
    young: Known,
    old: Known,
}

/// Words by their attributes, in the order in which they were learned.
#[derive(Debug, Default)]
struct Known {
    /// The indices of words, by the hash of their attributes.
    places: HashTable<u32>,
    /// `[words, attributes]`
    attributes: Vec<u64>,
    /// The numbers of each word.
    numbers: Vec<Arc<[f32]>>,
}

impl WordMemory {
    /// The numbers of each of some words. `embed` computes those that are not remembered, equally many for each word, one
    /// word after the other. Where they depend on the static vectors of a `vocab`, what was remembered with another one is
    /// forgotten.
    pub(super) fn of(
        &self,
        words: &DistinctWords<'_>,
        vocab: Option<&Arc<Vocab>>,
        embed: impl FnOnce(&DistinctWords<'_>) -> Vec<f32>,
    ) -> Vec<Arc<[f32]>> {
        // Stands for a word until it is computed: a counted reference costs less than memory for each.
        let none: Arc<[f32]> = Arc::new([]);
        let (mut unknown, mut aged) = (Vec::new(), Vec::new());
        let generations = self.0.read().expect("no holder panics");
        let is_same = generations.is_of(vocab);
        let remembered = words.rows().enumerate().map(|(index, attributes)| {
            if let Some(found) = generations.young.get(attributes).filter(|_| is_same) {
                return found.clone();
            }
            if let Some(found) = generations.old.get(attributes).filter(|_| is_same) {
                aged.push(index);
                return found.clone();
            }
            unknown.push(index);
            none.clone()
        });
        let mut numbers: Vec<Arc<[f32]>> = remembered.collect();
        // Embedding hands work to other threads, so no lock may be held: one of them may wait for it.
        drop(generations);
        if !unknown.is_empty() {
            let found = embed(&words.only(&unknown));
            for (&index, word) in unknown.iter().zip(found.chunks_exact(found.len() / unknown.len())) {
                numbers[index] = word.into();
            }
        }
        // Mostly there is nothing to learn, and then no other thread has to wait for this one.
        if !(unknown.is_empty() && aged.is_empty()) {
            let mut generations = self.0.write().expect("no holder panics");
            if !generations.is_of(vocab) {
                *generations = Generations { vocab: vocab.cloned(), ..Generations::default() };
            }
            unknown
                .into_iter()
                .chain(aged)
                .for_each(|index| generations.learn(words.row(index), &numbers[index]));
        }
        numbers
    }

    /// Forgets all words; to be called before weights change.
    pub(super) fn forget(&mut self) {
        *self = WordMemory::default();
    }
}

impl Generations {
    fn is_of(&self, vocab: Option<&Arc<Vocab>>) -> bool {
        match (&self.vocab, vocab) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }

    fn learn(&mut self, attributes: &[u64], numbers: &Arc<[f32]>) {
        // Another thread may have met the word meanwhile.
        if self.young.get(attributes).is_some() {
            return;
        }
        if (self.young.numbers.len() + 1) * numbers.len() > MAX_NUMBERS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.learn(attributes, numbers.clone());
    }
}

impl Known {
    fn get(&self, attributes: &[u64]) -> Option<&Arc<[f32]>> {
        let n = attributes.len();
        let is_same = |&place: &u32| &self.attributes[place as usize * n..][..n] == attributes;
        self.places.find(hash(attributes), is_same).map(|&place| &self.numbers[place as usize])
    }

    fn learn(&mut self, attributes: &[u64], numbers: Arc<[f32]>) {
        let Known { places, attributes: known, .. } = self;
        let n = attributes.len();
        let place = places.len() as u32;
        places.insert_unique(hash(attributes), place, |&place| hash(&known[place as usize * n..][..n]));
        self.attributes.extend_from_slice(attributes);
        self.numbers.push(numbers);
    }
}

#[cfg(test)]
mod tests {
    use ner_doc::Doc;
    use ner_vocab::{Attribute, Vocab};

    use super::*;

    /// Of each word its count of characters, and the number of words that had to be embedded.
    fn lengths(memory: &WordMemory, text: &str) -> (Vec<f32>, usize) {
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let words: Vec<&str> = text.split(' ').collect();
        let doc = Doc::from_words(vocab, &words, &[]);
        let docs = [&doc];
        let words = DistinctWords::new(&docs, &[Attribute::LENGTH, Attribute::ORTH]);
        let mut n_embedded = 0;
        let found = memory.of(&words, None, |words| {
            n_embedded = words.len();
            words.column(0).map(|length| length as f32).collect()
        });
        (found.iter().map(|numbers| numbers[0]).collect(), n_embedded)
    }

    #[test]
    fn words_are_embedded_once() {
        let mut memory = WordMemory::default();
        assert_eq!(lengths(&memory, "a bb a ccc"), (vec![1.0, 2.0, 3.0], 3));
        assert_eq!(lengths(&memory, "ccc dddd a"), (vec![3.0, 4.0, 1.0], 1));
        memory.forget();
        assert_eq!(lengths(&memory, "a"), (vec![1.0], 1));
    }

    #[test]
    fn words_of_another_vocabulary_are_forgotten() {
        let memory = WordMemory::default();
        let vocabs = [0, 1].map(|_| Arc::new(Vocab::new("xx").unwrap()));
        let mut n_embedded = 0;
        for (vocab, expected) in [(0, 1), (0, 1), (1, 2), (1, 2), (0, 3)] {
            let doc = Doc::from_words(vocabs[vocab].clone(), &["a"], &[]);
            let docs = [&doc];
            let words = DistinctWords::new(&docs, &[Attribute::ORTH]);
            memory.of(&words, Some(&vocabs[vocab]), |_| {
                n_embedded += 1;
                vec![0.0]
            });
            assert_eq!(n_embedded, expected);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let memory = WordMemory::default();
        let n_numbers = MAX_NUMBERS / 1000;
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let find = |range: std::ops::Range<usize>| {
            let words: Vec<String> = range.map(|number| number.to_string()).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let doc = Doc::from_words(vocab.clone(), &words, &[]);
            let docs = [&doc];
            let words = DistinctWords::new(&docs, &[Attribute::LENGTH, Attribute::ORTH]);
            let mut n_embedded = 0;
            let found = memory.of(&words, None, |words| {
                n_embedded = words.len();
                words.column(0).flat_map(|length| std::iter::repeat_n(length as f32, n_numbers)).collect()
            });
            (found, n_embedded)
        };
        find(0..3);
        for start in (3..3000).step_by(501) {
            find(start..start + 501);
            assert_eq!(find(0..3).1, 0, "words that are met again stay");
        }
        let is_bounded = |known: &Known| known.numbers.len() * n_numbers <= MAX_NUMBERS;
        assert!(memory.0.read().is_ok_and(|all| is_bounded(&all.young) && is_bounded(&all.old)));
        let (found, n_embedded) = find(998..1002);
        assert_eq!([0, 1, 2, 3].map(|word| found[word][5]), [3.0, 3.0, 4.0, 4.0]);
        assert_eq!(n_embedded, 4, "others are forgotten");
    }
}
