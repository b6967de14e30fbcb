use std::collections::HashMap;

use burn::tensor::Tensor;
use ner_doc::{Attribute, Doc};
use ner_layers::RowSums;

/// The different combinations of attribute values in some documents, and the tokens that show each. Whatever depends on
/// these attributes alone is worked out once a combination, a word for short.
pub(crate) struct DistinctWords<'a> {
    docs: &'a [&'a Doc],
    n_attributes: usize,
    values: Vec<u64>,
    /// Document and token where each word stands first.
    places: Vec<(u32, u32)>,
    word_of_token: Vec<u32>,
}

impl<'a> DistinctWords<'a> {
    pub(crate) fn new(docs: &'a [&'a Doc], attributes: &[Attribute]) -> DistinctWords<'a> {
        let mut indices: HashMap<Box<[u64]>, u32> = HashMap::new();
        let mut words = DistinctWords {
            docs,
            n_attributes: attributes.len(),
            values: Vec::new(),
            places: Vec::new(),
            word_of_token: Vec::new(),
        };
        let mut values = vec![0; attributes.len()];
        for (doc_index, doc) in docs.iter().enumerate() {
            for token in 0..doc.len() {
                for (value, &attribute) in values.iter_mut().zip(attributes) {
                    *value = doc.attribute(attribute, token);
                }
                let index = indices.get(values.as_slice()).copied().unwrap_or_else(|| {
                    let index = indices.len() as u32;
                    indices.insert(values.as_slice().into(), index);
                    words.values.extend_from_slice(&values);
                    words.places.push((doc_index as u32, token as u32));
                    index
                });
                words.word_of_token.push(index);
            }
        }
        words
    }

    /// Every token as a word of its own.
    pub(crate) fn each_token(docs: &'a [&'a Doc], attributes: &[Attribute]) -> DistinctWords<'a> {
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
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// One attribute's value of each word.
    pub(crate) fn column(&self, index: usize) -> impl ExactSizeIterator<Item = u64> {
        self.values.chunks_exact(self.n_attributes).map(move |values| values[index])
    }

    /// A document and a token that show each word.
    pub(crate) fn places(&self) -> impl ExactSizeIterator<Item = (&'a Doc, usize)> {
        self.places.iter().map(|&(doc, token)| (self.docs[doc as usize], token as usize))
    }

    /// One row a word -> one row a token.
    pub(crate) fn spread(self, x: Tensor<2>) -> Tensor<2> {
        RowSums::copies(self.word_of_token).forward(x)
    }
}
