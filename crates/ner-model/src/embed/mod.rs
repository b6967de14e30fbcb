//! Embeddings: token vectors that depend on the token alone.

pub(crate) mod character_embed;
pub(crate) mod distinct_words;
pub(crate) mod multi_hash_embed;
pub(crate) mod static_vectors;
mod table_layer;

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::{HashEmbed, Mode};
use ner_thinc::Layer;

use crate::{DistinctWords, LayerTree, Parameter};

/// Gives every token a vector that depends on the token alone.
pub trait Embed: Debug + Send + Sync {
    /// The words of `docs`: tokens that have the same vector are one word.
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &Mode<'_>) -> DistinctWords<'a>;

    /// The vectors of words: `[words, width]`.
    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2>;

    /// The tables that rows are looked up in: each looks up the column of the words that stands in its place.
    fn tables(&mut self) -> Vec<&mut HashEmbed>;

    /// Length of the static vectors that the part reads from the vocabulary; `None` if it reads none.
    fn vector_width(&self) -> Option<usize> {
        None
    }

    /// One of the weights, which are all on one device, and all recorded for a backward pass or none.
    fn weight(&self) -> Tensor<2>;

    /// The trainable weights.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The part as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}
