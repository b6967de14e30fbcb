use std::sync::RwLock;

use burn::tensor::Tensor;
use hashbrown::HashTable;
use ner_layers::to_vec;

use crate::distinct_words::{DistinctWords, hash};

/// Words remembered at most; then all are forgotten, so that a stream of ever new words keeps bounded memory.
const MAX_WORDS: usize = 1 << 15;

/// The vectors of words that were met before, as long as the weights stay the same.
#[derive(Debug, Default)]
pub(crate) struct WordVectors(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Numbers of words, by their attributes.
    numbers: HashTable<u32>,
    /// `[words, attributes]`
    attributes: Vec<u64>,
    /// `[words, width]`
    vectors: Vec<f32>,
}

impl WordVectors {
    /// The vectors `[words, width]`; those that are not remembered are worked out by `embed`.
    pub(crate) fn of(
        &self,
        words: &DistinctWords<'_>,
        width: usize,
        embed: impl FnOnce(&DistinctWords<'_>) -> Tensor<2>,
    ) -> Vec<f32> {
        let mut vectors = vec![0.0; words.len() * width];
        let mut unknown = Vec::new();
        let known = self.0.read().expect("no holder panics");
        for (index, (attributes, vector)) in words.rows().zip(vectors.chunks_exact_mut(width)).enumerate() {
            match known.get(attributes, width) {
                Some(found) => vector.copy_from_slice(found),
                None => unknown.push(index),
            }
        }
        drop(known);
        if !unknown.is_empty() {
            let unknown_words = words.only(&unknown);
            let found = to_vec(embed(&unknown_words));
            for (&index, vector) in unknown.iter().zip(found.chunks_exact(width)) {
                vectors[index * width..][..width].copy_from_slice(vector);
            }
            self.0.write().expect("no holder panics").learn(&unknown_words, &found, width);
        }
        vectors
    }

    /// Forgets all words; to be called before weights change.
    pub(crate) fn forget(&mut self) {
        *self = WordVectors::default();
    }
}

impl Known {
    fn get(&self, attributes: &[u64], width: usize) -> Option<&[f32]> {
        let n = attributes.len();
        let is_same = |&number: &u32| &self.attributes[number as usize * n..][..n] == attributes;
        let number = *self.numbers.find(hash(attributes), is_same)? as usize;
        Some(&self.vectors[number * width..][..width])
    }

    fn learn(&mut self, words: &DistinctWords<'_>, vectors: &[f32], width: usize) {
        if self.numbers.len() + words.len() > MAX_WORDS {
            *self = Known::default();
        }
        let fitting = words.rows().zip(vectors.chunks_exact(width)).take(MAX_WORDS - self.numbers.len());
        for (attributes, vector) in fitting {
            // Another thread may have met the word meanwhile.
            if self.get(attributes, width).is_some() {
                continue;
            }
            let Known { numbers, attributes: known, .. } = self;
            let n = attributes.len();
            let number = numbers.len() as u32;
            numbers
                .insert_unique(hash(attributes), number, |&number| hash(&known[number as usize * n..][..n]));
            self.attributes.extend_from_slice(attributes);
            self.vectors.extend_from_slice(vector);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use burn::tensor::{Device, TensorData};
    use ner_doc::{Attribute, Doc, Vocab};

    use super::*;

    /// Vectors of one number, the word's count of characters, and the words that had to be embedded.
    fn lengths(vectors: &WordVectors, text: &str) -> (Vec<f32>, usize) {
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let words: Vec<&str> = text.split(' ').collect();
        let doc = Doc::from_words(vocab, &words, &[]);
        let docs = [&doc];
        let words = DistinctWords::new(&docs, &[Attribute::LENGTH, Attribute::ORTH]);
        let mut n_embedded = 0;
        let found = vectors.of(&words, 1, |words| {
            n_embedded = words.len();
            let lengths: Vec<f32> = words.column(0).map(|length| length as f32).collect();
            Tensor::from_data(TensorData::new(lengths, [words.len(), 1]), &Device::flex())
        });
        (found, n_embedded)
    }

    #[test]
    fn words_are_embedded_once() {
        let mut vectors = WordVectors::default();
        assert_eq!(lengths(&vectors, "a bb a ccc"), (vec![1.0, 2.0, 3.0], 3));
        assert_eq!(lengths(&vectors, "ccc dddd a"), (vec![3.0, 4.0, 1.0], 1));
        vectors.forget();
        assert_eq!(lengths(&vectors, "a"), (vec![1.0], 1));
    }

    #[test]
    fn memory_is_bounded() {
        let vectors = WordVectors::default();
        let text = |range: std::ops::Range<usize>| {
            range.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
        };
        for start in (0..3 * MAX_WORDS).step_by(MAX_WORDS / 2 + 1) {
            lengths(&vectors, &text(start..start + MAX_WORDS / 2 + 1));
        }
        lengths(&vectors, &text(0..MAX_WORDS + 9));
        assert!(vectors.0.read().unwrap().numbers.len() <= MAX_WORDS);
        assert_eq!(lengths(&vectors, "12345 7").0, [5.0, 1.0]);
    }
}
