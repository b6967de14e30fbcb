//! Pretraining on raw text: token vectors learn to predict something of each word, also of words that they cannot see.

pub(crate) mod characters;
pub(crate) mod cloze;
pub(crate) mod head;
pub(crate) mod random_words;
pub(crate) mod vectors;

use std::fmt::Debug;

use ner_doc::Doc;
use ner_vocab::Vocab;

use crate::ModelError;

/// The quantity that pretraining predicts of each token, and the loss of a prediction; the product of the architectures
/// `spacy.PretrainCharacters.v1` and `spacy.PretrainVectors.v1`, as a `Box<dyn PretrainingObjective>`.
pub trait PretrainingObjective: Debug + Send + Sync {
    /// The layer between the token vectors and the prediction.
    fn hidden_layer(&self) -> HiddenLayer;

    /// How many numbers are predicted of a token.
    ///
    /// # Errors
    /// If the vocabulary lacks what is to be predicted.
    fn width(&self, vocab: &Vocab) -> Result<usize, ModelError>;

    /// The loss of the `predicted` numbers of all tokens of `docs`, `[tokens, width]`, and in their place its gradient.
    fn loss(&self, docs: &[&Doc], predicted: &mut [f32]) -> f64;
}

/// A maxout layer with normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenLayer {
    /// Length of its output.
    pub size: usize,
    /// Affine functions that each output is the largest of.
    pub maxout_pieces: usize,
    /// Whether some of its outputs are left out in training.
    pub has_dropout: bool,
}
