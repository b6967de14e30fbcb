//! Encoders: token vectors that depend on the neighbours.

pub(crate) mod array_encoder;
pub(crate) mod known_words;
pub(crate) mod maxout_window_encoder;
pub(crate) mod mish_window_encoder;
pub(crate) mod normalised_maxout;
mod padded_rows;
mod sequences;
pub(crate) mod torch_bilstm_encoder;
pub(crate) mod window_encoder;
mod window_layer;
pub(crate) mod window_recipe;
mod window_stretch;

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use ner_layers::{Mode, to_vec};
use ner_thinc::Layer;

use crate::{KnownWords, LayerTree, Parameter};

/// Mixes every token's vector with those of its neighbours.
pub trait Encode: Debug + Send + Sync {
    /// `x` holds the tokens of sequences of the given lengths, one after the other:
    /// `[tokens, width]` -> `[tokens, width]`.
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2>;

    /// Does the part of [`forward`](Encode::forward) that needs only the lengths, and may run beside the embedding.
    fn prepare(&self, _lengths: &[usize], _is_training: bool) {}

    /// The numbers that follow from each word alone, to be remembered from one prediction to the next. The word's
    /// vector comes first: `[words, width]` -> `[words, numbers]`.
    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        to_vec(x)
    }

    /// The same as [`forward`](Encode::forward) in prediction, from the remembered numbers.
    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        self.forward(words.vectors(device), lengths, &mut Mode::Predict)
    }

    /// The encoder as one that can encode a part of a long sequence for itself, if it is one.
    fn stretches(&self) -> Option<&dyn EncodeStretch> {
        None
    }

    /// The trainable weights, in an order that stays. They may change once they are handed out.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter>;

    /// The encoder as Thinc describes it.
    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer>;
}

/// An encoder in prediction whose vector of a token depends on few neighbours.
pub trait EncodeStretch {
    /// How many neighbours on either side of a stretch are needed.
    fn reach(&self) -> usize;

    /// The vectors of some tokens of one sequence, the same to the bit as [`forward_words`](Encode::forward_words) gives them:
    /// `[tokens of the stretch, width]`. `words` are those of the sequence's tokens from `first` on: the stretch and its
    /// neighbours, as far as the encoder reaches or the sequence goes.
    fn forward_stretch(
        &self,
        words: &KnownWords<'_>,
        first: usize,
        stretch: Range<usize>,
        device: &Device,
    ) -> Tensor<2>;
}
