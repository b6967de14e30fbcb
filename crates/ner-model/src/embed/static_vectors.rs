use std::sync::Arc;

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use ner_doc::Doc;
use ner_layers::{Init, Mode};
use ner_thinc::Layer;
use ner_vocab::{Attribute, StringId, Vectors};

use super::project::project;
use crate::{DistinctWords, LayerTree, Parameter};

/// The output for words that the table lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownWords {
    /// Zeros.
    Zeros,
    /// The same as for the word of the table's last row.
    ///
    /// spaCy: the row of an unknown word is -1, which NumPy reads as the last
    /// (spacy_legacy/layers/staticvectors_v1.py).
    LastRow,
}

/// Vectors of the vocabulary's table, which is not trained, projected to another length by weights that are.
#[derive(Debug)]
pub(crate) struct StaticVectors {
    /// `[width, length of a vector]`
    weight: Param<Tensor<2>>,
    unknown_words: UnknownWords,
}

impl StaticVectors {
    pub(crate) fn init(width: usize, unknown_words: UnknownWords, init: &mut Init<'_>) -> StaticVectors {
        StaticVectors { weight: init.glorot_uniform([width, init.vector_width()]), unknown_words }
    }

    /// The attribute by which the table finds a word's vector.
    pub(crate) fn attribute(docs: &[&Doc]) -> Attribute {
        // spaCy: the first document's vocabulary decides for the whole batch (staticvectors.py).
        docs.first().map_or(Attribute::ORTH, |doc| doc.vocab().vectors().attribute())
    }

    /// Length of the vectors that the weights are made for.
    pub(crate) fn vector_width(&self) -> usize {
        self.weight.dims()[1]
    }

    /// `[words, width]`
    pub(crate) fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2> {
        let width = self.vector_width();
        let mut table = vec![0.0; words.len() * width];
        let mut is_unknown = vec![0.0; words.len()];
        for (index, (doc, token)) in words.places().enumerate() {
            let vector = &mut table[index * width..][..width];
            if !write_vector(doc, token, vector) {
                is_unknown[index] = 1.0;
            }
        }
        let device = self.weight.val().device();
        let table = Tensor::from_data(TensorData::new(table, [words.len(), width]), &device);
        let output = project(table, &self.weight);
        let output = match self.unknown_words {
            // Less itself the output is zero, and the detached term leaves the gradient alone, as spaCy does: see
            // `write_vector`.
            UnknownWords::Zeros if is_unknown.contains(&1.0) => {
                let is_unknown = TensorData::new(is_unknown, [words.len(), 1]);
                output.clone() - output.detach() * Tensor::<2>::from_data(is_unknown, &device)
            }
            _ => output,
        };
        mode.dropout_columns(output)
    }

    pub(crate) fn parameter_mut(&mut self) -> &mut dyn Parameter {
        &mut self.weight
    }

    pub(crate) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [outputs, vector_width] = self.weight.dims();
        let layer = Layer::new("static_vectors").dim("nO", outputs).dim("nM", vector_width);
        // spaCy: written even where the table's own attribute is the one to look up by (staticvectors.py).
        let layer = layer.attr("key_attr", "ORTH").attr("dropout_rate", tree.dropout_rate());
        tree.leaf(layer, &[("W", &self.weight)])
    }
}

/// Writes the token's vector. If the table has none for it, writes the last one and returns false.
///
/// spaCy: the row of an unknown word is -1. Its output is set to zeros, yet in training it counts with the vector of the
/// table's last row (staticvectors.py).
fn write_vector(doc: &Doc, token: usize, vector: &mut [f32]) -> bool {
    let vectors = doc.vocab().vectors();
    if vectors.floret_settings().is_some() || is_known(doc, token, vectors) {
        doc.write_vector(token, vector);
        return true;
    }
    let last = vectors.n_rows().saturating_sub(1) * vectors.width();
    vector.copy_from_slice(&vectors.data()[last..]);
    false
}

fn is_known(doc: &Doc, token: usize, vectors: &Vectors) -> bool {
    vectors.row(StringId(doc.attribute(vectors.attribute(), token))).is_some()
}
