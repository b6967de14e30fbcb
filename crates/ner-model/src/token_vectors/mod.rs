//! Token vectors in context: the input of a parser, from a network of its own or from another component.

pub(crate) mod document_memory;
pub(crate) mod hash_embed_cnn;
pub(crate) mod tok2vec;
pub(crate) mod token_source;
mod word_memory;

use std::collections::HashMap;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_doc::Doc;
use ner_layers::Mode;
use ner_optim::ParameterRole;
use ner_thinc::Layer;
use ner_transformer::Precision;
use ner_vocab::Attribute;

use crate::{LayerTree, Parameter, SharedRows};

/// Gives every token of some documents a vector.
pub trait TokenVectors: Debug + Send + Sync {
    /// The vectors of all tokens of `docs`, one document after the other: `[tokens, width]`. There is at least one token.
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2>;

    /// The vectors of some tokens of a document in prediction, the same to the bit as [`forward`](TokenVectors::forward) gives
    /// them.
    fn stretch(&self, doc: &Doc, tokens: Range<usize>) -> Tensor<2> {
        self.forward(&[doc], &mut Mode::Predict).slice([tokens, 0..self.width()])
    }

    /// The vectors as other components take them, `[tokens, width]` unless the network shares rows of another kind; then
    /// [`forward`](TokenVectors::forward) gives the mean of each token's rows. There is at least one token.
    fn share(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> SharedRows {
        SharedRows::of_tokens(self.forward(docs, mode))
    }

    /// Shares all layers from now on, not the last one alone, if the network has several.
    fn share_all_layers(&mut self) {}

    /// Bytes that a pass of training over these documents keeps until its backward pass; with `checkpoints`, what it would
    /// keep if it had them or not. 0 if it is not worth counting.
    fn kept_bytes(&self, _docs: &[&Doc], _checkpoints: Option<bool>) -> usize {
        0
    }

    /// Sets how exactly a pretrained encoder multiplies in prediction.
    fn set_precision(&mut self, _precision: Precision) {}

    /// What parameters are that optimisers may treat apart, by their ids: those of a pretrained encoder.
    fn roles(&mut self) -> HashMap<u64, ParameterRole> {
        HashMap::new()
    }

    /// Why the network cannot run on these documents, and what to do; called before it does.
    fn check(&self, _docs: &[&Doc]) -> Result<(), String> {
        Ok(())
    }

    /// How many numbers each forward pass takes from Python's generator and throws away.
    ///
    /// spaCy: one in spacy-transformers, which asks by chance whether to empty a cache of PyTorch
    /// (layers/hf_wrapper.py). The order of examples would differ without it.
    fn python_draws(&self) -> usize {
        0
    }

    /// Whether [`stretch`](TokenVectors::stretch) takes time and memory for these tokens, not for all of the document, and
    /// does not depend on what components may write into the document.
    fn is_local(&self) -> bool {
        false
    }

    /// Length of the vectors.
    fn width(&self) -> usize;

    /// Length of the static vectors that the network reads from the vocabulary; `None` if it reads none.
    fn vector_width(&self) -> Option<usize> {
        None
    }

    /// The attributes of tokens that the vectors depend on.
    fn attributes(&self) -> Vec<Attribute> {
        Vec::new()
    }

    /// The tables whose gradient is that of single rows, each with the rows that `docs` may look up in it, in training too,
    /// ascending.
    ///
    /// The optimiser leaves rows without a gradient behind and catches up before they are read, so a table of
    /// [`HashEmbed`](ner_layers::HashEmbed) that is missing here is read with weights that are too old.
    fn lookups(&mut self, _docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        Vec::new()
    }

    /// Whether [`count_words`](TokenVectors::count_words) makes a difference.
    fn counts_words(&self) -> bool {
        false
    }

    /// Counts the words of the training corpus, before the first update, if the network depends on what is rare there. The
    /// counts are a part of the model file.
    fn count_words(&mut self, _docs: &mut dyn Iterator<Item = &Doc>) {}

    /// The trainable weights, in an order that stays. They may change once they are handed out: whatever was derived
    /// from them is stale.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The network as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}
