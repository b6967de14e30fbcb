use std::sync::Arc;

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use ner_layers::Init;
use ner_thinc::Layer;

use crate::embed::project::project;
use crate::{DistinctWords, LayerTree, Parameter};

/// Vectors of the vocabulary's table, which is not trained, projected to another length by weights that are. A word without
/// one has a vector that is learned.
///
/// Each vector is divided by its root mean square. Tables differ in scale (that of all numbers is 2.7 in `en_core_web_md`, 0.95 in
/// GloVe's for tweets), and a small one would be learned from slowly, since the optimiser's steps are as large for any weight.
#[derive(Debug)]
pub(super) struct WordVectors {
    /// `[width, length of a vector]`
    weight: Param<Tensor<2>>,
    /// `[1, width]`
    missing: Param<Tensor<2>>,
}

impl WordVectors {
    pub(super) fn init(width: usize, init: &mut Init<'_>) -> WordVectors {
        let weight = init.glorot_uniform([width, init.vector_width()]);
        WordVectors { weight, missing: init.constant(0.0, [1, width]) }
    }

    /// Length of the vectors that the weights are made for.
    pub(super) fn vector_width(&self) -> usize {
        self.weight.dims()[1]
    }

    /// `[words, width]`; a word may lose its vector by its values.
    pub(super) fn forward(&self, words: &DistinctWords<'_>, keeps: impl Fn(&[u64]) -> bool) -> Tensor<2> {
        let width = self.vector_width();
        let mut vectors = vec![0.0; words.len() * width];
        let mut is_missing = vec![0.0; words.len()];
        let rows = vectors.chunks_exact_mut(width).zip(&mut is_missing);
        for (((doc, token), values), (vector, is_missing)) in words.places().zip(words.rows()).zip(rows) {
            if keeps(values) {
                doc.write_vector(token, vector);
            }
            let squares: f32 = vector.iter().map(|value| value * value).sum();
            if squares > 0.0 {
                let factor = (width as f32 / squares).sqrt();
                vector.iter_mut().for_each(|value| *value *= factor);
            } else {
                *is_missing = 1.0;
            }
        }
        let device = self.weight.val().device();
        let is_missing = Tensor::<2>::from_data(TensorData::new(is_missing, [words.len(), 1]), &device);
        let vectors = Tensor::from_data(TensorData::new(vectors, [words.len(), width]), &device);
        project(vectors, &self.weight) + is_missing * self.missing.val()
    }

    pub(super) fn parameters_mut(&mut self) -> [&mut dyn Parameter; 2] {
        [&mut self.weight, &mut self.missing]
    }

    pub(super) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [width, vector_width] = self.weight.dims();
        let layer = Layer::new("ner_word_vectors").dim("nO", width).dim("nM", vector_width);
        tree.leaf(layer, &[("W", &self.weight), ("missing", &self.missing)])
    }
}
