use burn::tensor::Tensor;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use ner_doc::Doc;
use ner_layers::RowSums;
use ner_vocab::Attribute;

/// The distinct combinations of attribute values in some documents, words for short, and the word of each token. An
/// embedding is computed once for each word, and text repeats its words.
#[derive(Clone, Debug)]
pub struct DistinctWords<'a> {
    docs: &'a [&'a Doc],
    n_attributes: usize,
    /// `[words, attributes]`
    values: Vec<u64>,
    /// Document and token of each word's first occurrence.
    places: Vec<(u32, u32)>,
    /// The index of each token's word, one document after the other.
    word_of_token: Vec<u32>,
}

impl<'a> DistinctWords<'a> {
    /// The words of some documents, distinguished by some attributes.
    pub fn new(docs: &'a [&'a Doc], attributes: &[Attribute]) -> DistinctWords<'a> {
        DistinctWords::with_values(docs, attributes.len(), |doc, token, values| {
            for (value, &attribute) in values.iter_mut().zip(attributes) {
                *value = doc.attribute(attribute, token);
            }
        })
    }

    /// The words of some documents, distinguished by `n_attributes` values of a token that `write` writes, from the first
    /// token to the last.
    pub fn with_values(
        docs: &'a [&'a Doc],
        n_attributes: usize,
        mut write: impl FnMut(&Doc, usize, &mut [u64]),
    ) -> DistinctWords<'a> {
        let mut indices: HashTable<u32> = HashTable::new();
        let mut words = DistinctWords {
            docs,
            n_attributes,
            values: Vec::new(),
            places: Vec::new(),
            word_of_token: Vec::new(),
        };
        // One buffer for all tokens: only a word that is new is copied.
        let mut values = vec![0; n_attributes];
        for (doc_index, doc) in docs.iter().enumerate() {
            for token in 0..doc.len() {
                write(doc, token, &mut values);
                let known = &words.values;
                let row = |index: u32| &known[index as usize * n_attributes..][..n_attributes];
                let entry =
                    indices.entry(hash(&values), |&index| row(index) == values, |&index| hash(row(index)));
                let index = match entry {
                    Entry::Occupied(entry) => *entry.get(),
                    Entry::Vacant(entry) => {
                        let index = words.places.len() as u32;
                        entry.insert(index);
                        words.values.extend_from_slice(&values);
                        words.places.push((doc_index as u32, token as u32));
                        index
                    }
                };
                words.word_of_token.push(index);
            }
        }
        words
    }

    /// Every token as a word of its own.
    pub fn each_token(docs: &'a [&'a Doc], attributes: &[Attribute]) -> DistinctWords<'a> {
        let places = docs.iter().enumerate();
        let places: Vec<(u32, u32)> = places
            .flat_map(|(doc_index, doc)| (0..doc.len()).map(move |token| (doc_index as u32, token as u32)))
            .collect();
        let values = places.iter().flat_map(|&(doc, token)| {
            attributes.iter().map(move |&attribute| docs[doc as usize].attribute(attribute, token as usize))
        });
        let values = values.collect();
        let word_of_token = (0..places.len() as u32).collect();
        DistinctWords { docs, n_attributes: attributes.len(), values, places, word_of_token }
    }

    /// The number of words.
    #[expect(clippy::len_without_is_empty, reason = "documents without tokens are never embedded")]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The attributes of each word.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        self.values.chunks_exact(self.n_attributes)
    }

    /// The attributes of a word.
    pub(crate) fn row(&self, word: usize) -> &[u64] {
        &self.values[word * self.n_attributes..][..self.n_attributes]
    }

    /// Some of the words, without their tokens.
    pub(crate) fn only(&self, words: &[usize]) -> DistinctWords<'a> {
        DistinctWords {
            docs: self.docs,
            n_attributes: self.n_attributes,
            values: words.iter().flat_map(|&word| self.row(word)).copied().collect(),
            places: words.iter().map(|&word| self.places[word]).collect(),
            word_of_token: Vec::new(),
        }
    }

    /// One attribute's value of each word.
    pub fn column(&self, index: usize) -> impl ExactSizeIterator<Item = u64> {
        self.values.chunks_exact(self.n_attributes).map(move |values| values[index])
    }

    /// A document that has each word, and the index of the word's token there.
    pub fn places(&self) -> impl ExactSizeIterator<Item = (&'a Doc, usize)> {
        self.places.iter().map(|&(doc, token)| (self.docs[doc as usize], token as usize))
    }

    /// The documents.
    pub fn docs(&self) -> &'a [&'a Doc] {
        self.docs
    }

    /// The index of each token's word.
    pub(crate) fn of_tokens(&self) -> &[u32] {
        &self.word_of_token
    }

    /// `[words, width]` -> `[tokens, width]`
    pub(crate) fn spread(self, x: Tensor<2>) -> Tensor<2> {
        RowSums::copies(self.word_of_token).forward(x)
    }
}

/// The hash of a word's attributes. They are hashes already, or small numbers: they need only be mixed, as FxHash, the hash
/// of the Rust compiler, mixes them.
pub(crate) fn hash(values: &[u64]) -> u64 {
    let mix = |hash: u64, value: u64| (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    let hash = values.iter().fold(0, |hash, &value| mix(hash, value));
    // The table takes its index from the low bits, which a product leaves weak.
    hash ^ (hash >> 32)
}
