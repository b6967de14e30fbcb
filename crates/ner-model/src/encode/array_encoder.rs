use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use ner_layers::Mode;
use ner_thinc::{Layer, with_array};

use super::window_encoder::WindowEncoder;
use super::window_recipe::{Version, WindowRecipe};
use crate::{Encode, EncodeStretch, KnownWords, LayerTree, Parameter, Recipe};

/// A window encoder of either version inside of `spacy.Tok2Vec.v1`, which joins sequences around it.
#[derive(Debug)]
pub(crate) struct ArrayEncoder {
    encoder: WindowEncoder,
    version: Version,
    padding: usize,
}

impl ArrayEncoder {
    pub(crate) fn recipe(window: WindowRecipe) -> Recipe<dyn Encode> {
        // spaCy: an encoder of version 2 says nothing of what it sees, and gets no zero rows
        // (spacy_legacy/architectures/tok2vec.py).
        let padding = if window.version == Version::One { window.padding() } else { 0 };
        Recipe::new(window.width, move |init| {
            let encoder = WindowEncoder::init(window, padding, init);
            Box::new(ArrayEncoder { encoder, version: window.version, padding }) as Box<dyn Encode>
        })
    }
}

impl Encode for ArrayEncoder {
    fn prepare(&self, lengths: &[usize], is_training: bool) {
        self.encoder.prepare(lengths, is_training);
    }

    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        self.encoder.forward(x, lengths, mode)
    }

    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        self.encoder.numbers(x)
    }

    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        self.encoder.forward_words(words, lengths, device)
    }

    fn stretches(&self) -> Option<&dyn EncodeStretch> {
        self.encoder.stretches()
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.encoder.parameters_mut()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let encoder = match self.version {
            Version::One => self.encoder.stack(tree),
            Version::Two => self.encoder.layer(tree),
        };
        with_array(encoder, self.padding).into()
    }
}
