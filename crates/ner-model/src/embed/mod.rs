//! Embeddings: token vectors that depend on the token alone.

pub(crate) mod character_embed;
pub(crate) mod distinct_words;
pub(crate) mod multi_hash_embed;
mod project;
pub(crate) mod static_vectors;
mod table_layer;
pub(crate) mod word_embed;

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::Mode;
use ner_thinc::Layer;
use ner_vocab::Attribute;

use crate::{DistinctWords, LayerTree, Parameter};

/// Gives every token a vector that depends on the token alone.
pub trait Embed: Debug + Send + Sync {
    /// The words of `docs`: tokens that have the same vector are one word. In training a token may be a
    /// word of its own, if it learns otherwise than its equals.
    fn words<'a>(&self, docs: &'a [&'a Doc], mode: &mut Mode<'_>) -> DistinctWords<'a>;

    /// The vectors of words: `[words, width]`.
    fn forward(&self, words: &DistinctWords<'_>, mode: &mut Mode<'_>) -> Tensor<2>;

    /// The tables whose gradient is that of single rows, each with the rows that words may look up in it, in training too,
    /// ascending. A row that is missing here is read with weights that are too old.
    fn lookups(&mut self, words: &DistinctWords<'_>) -> Vec<(&mut dyn Parameter, Vec<u32>)>;

    /// Whether [`count_words`](Embed::count_words) makes a difference.
    fn counts_words(&self) -> bool {
        false
    }

    /// Counts the words of the training corpus, before the first update, if the embedding depends on what is rare there.
    fn count_words(&mut self, _docs: &mut dyn Iterator<Item = &Doc>) {}

    /// Whether the vectors follow from the words alone, and not from annotation that a component may change, nor from the
    /// place in the text.
    fn reads_words_alone(&self) -> bool {
        false
    }

    /// Length of the static vectors that the embedding reads from the vocabulary; `None` if it reads none.
    fn vector_width(&self) -> Option<usize> {
        None
    }

    /// The attributes of tokens that the vectors depend on.
    fn attributes(&self) -> Vec<Attribute> {
        Vec::new()
    }

    /// Any one of the weights: it shows the device of all, and whether they are recorded for a backward pass.
    fn weight(&self) -> Tensor<2>;

    /// The trainable weights, in an order that stays.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The embedding as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}
