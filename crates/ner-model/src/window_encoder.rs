use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{Builder, ConfigError};
use ner_layers::{Init, LayerNorm, MaxoutWindow, Mish, Mode, RowSums, WindowShares, expand_window, to_vec};
use ner_thinc::{Layer, chain, residual, with_array};

use crate::mixer::{Mixer, normalised};
use crate::weight_limit::check_weights;
use crate::{Encode, KnownWords, LayerTree, Parameter};

/// A stack of window layers, as configs describe it in two versions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowRecipe {
    pub(crate) width: usize,
    pub(crate) window_size: usize,
    pub(crate) depth: usize,
    pub(crate) kind: WindowKind,
    pub(crate) version: Version,
}

/// What a window layer makes of its window.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WindowKind {
    /// Maxout with some pieces.
    Maxout(usize),
    /// Mish.
    Mish,
}

/// Who joins sequences to one array, with zero rows around each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// `spacy.Tok2Vec.v1`, around the stack.
    One,
    /// The stack itself.
    Two,
}

impl WindowRecipe {
    /// The recipe, if its numbers make sense.
    pub(crate) fn checked(self, builder: &Builder<'_>) -> Result<WindowRecipe, ConfigError> {
        let pieces = match self.kind {
            WindowKind::Maxout(pieces) => pieces,
            WindowKind::Mish => 1,
        };
        for (key, value) in [("width", self.width), ("maxout_pieces", pieces), ("depth", self.depth)] {
            if value == 0 {
                return Err(builder.invalid(key, "expected at least 1, found 0"));
            }
        }
        let inputs = self.window_size.saturating_mul(2).saturating_add(1).saturating_mul(self.width);
        check_weights(builder, "width", &[self.depth, self.width, pieces, inputs])?;
        Ok(self)
    }

    /// Zero rows around each sequence: as many as the stack can see, or none.
    ///
    /// spaCy: layers of mish get none, so that neighbouring documents of a batch see each other (tok2vec.py).
    pub(crate) fn padding(self) -> usize {
        match self.kind {
            WindowKind::Maxout(_) => self.window_size * self.depth,
            WindowKind::Mish => 0,
        }
    }

    /// The encoder with its first weights. `padding` zero rows stand around each sequence.
    pub(crate) fn make(self, padding: usize, init: &mut Init<'_>) -> WindowEncoder {
        let layers = (0..self.depth).map(|_| WindowLayer::init(self, init)).collect();
        WindowEncoder { recipe: self, padding, layers }
    }
}

/// A stack of window layers over token vectors, with residual connections.
#[derive(Debug)]
pub(crate) struct WindowEncoder {
    recipe: WindowRecipe,
    padding: usize,
    layers: Vec<WindowLayer>,
}

impl WindowEncoder {
    /// All sequences as one array.
    fn forward_together(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        let layout = PaddedRows::new(lengths, self.padding);
        let x = RowSums::copies(layout.sources).forward(x);
        let x = self.layers.iter().fold(x, |x, layer| layer.forward(x, self.recipe.window_size, mode));
        RowSums::copies(layout.places).forward(x)
    }

    /// The first layer for words that recur.
    fn first_layer(&self) -> Option<WindowShares<'_>> {
        match self.layers.first()? {
            WindowLayer::Maxout(mixer) if self.padding > 0 => mixer.shares(window(self.recipe.window_size)),
            _ => None,
        }
    }

    /// The stack without what joins sequences to one array.
    pub(crate) fn stack(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let WindowRecipe { width, window_size, depth, .. } = self.recipe;
        let window_layer = |layer: &WindowLayer, tree: &mut LayerTree| {
            let window = Layer::new("expand_window").attr("window_size", window_size as u64);
            let layer = chain([window.into(), layer.layer(tree)]).dim("nO", width);
            residual(layer).dim("nI", None)
        };
        let mut layers: Vec<_> = self.layers.iter().map(|layer| window_layer(layer, tree)).collect();
        let stack = match layers.len() {
            1 => layers.remove(0),
            _ => chain(layers.into_iter().map(Arc::new)).dim("nO", width).dim("nI", None),
        };
        match (self.recipe.version, self.recipe.kind) {
            (Version::One, WindowKind::Maxout(_)) => {
                stack.attr("receptive_field", (window_size * depth) as u64)
            }
            _ => stack,
        }
        .into()
    }
}

impl Encode for WindowEncoder {
    /// In prediction no sequence sees another. In training they do where no zero rows stand between them, as in spaCy.
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        if self.padding > 0 || matches!(mode, Mode::Train { .. }) {
            return self.forward_together(x, lengths, mode);
        }
        each_alone(x, lengths, |x, length| self.forward_together(x, &[length], mode))
    }

    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        match self.first_layer() {
            Some(first) => first.numbers(x),
            None => to_vec(x),
        }
    }

    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        let Some(first) = self.first_layer() else {
            return self.forward(words.vectors(device), lengths, &mut Mode::Predict);
        };
        let PaddedRows { mut sources, places } = PaddedRows::new(lengths, self.padding);
        for source in sources.iter_mut().filter(|source| **source != RowSums::ZEROS) {
            *source = words.of_tokens[*source as usize];
        }
        let x = TensorData::new(first.forward(words.numbers, &sources), [sources.len(), self.recipe.width]);
        let (x, others) = (Tensor::from_data(x, device), &self.layers[1..]);
        let forward = |x, layer: &WindowLayer| layer.forward(x, self.recipe.window_size, &mut Mode::Predict);
        RowSums::copies(places).forward(others.iter().fold(x, forward))
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.layers.iter_mut().flat_map(WindowLayer::parameters_mut).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        with_array(self.stack(tree), self.recipe.padding()).into()
    }
}

/// Works on sequences one by one.
pub(crate) fn each_alone(
    x: Tensor<2>,
    lengths: &[usize],
    mut forward: impl FnMut(Tensor<2>, usize) -> Tensor<2>,
) -> Tensor<2> {
    let width = x.dims()[1];
    let mut start = 0;
    let mut outputs = Vec::with_capacity(lengths.len());
    for &length in lengths.iter().filter(|&&length| length > 0) {
        outputs.push(forward(x.clone().slice([start..start + length, 0..width]), length));
        start += length;
    }
    Tensor::cat(outputs, 0)
}

/// What a layer of maxout does.
fn window(window_size: usize) -> MaxoutWindow {
    MaxoutWindow { window: window_size, is_residual: true }
}

/// One layer of the stack.
#[derive(Debug)]
enum WindowLayer {
    Maxout(Mixer),
    Mish(Mish, LayerNorm),
}

impl WindowLayer {
    fn init(recipe: WindowRecipe, init: &mut Init<'_>) -> WindowLayer {
        let WindowRecipe { width, window_size, .. } = recipe;
        let inputs = width * (2 * window_size + 1);
        match recipe.kind {
            WindowKind::Maxout(pieces) => WindowLayer::Maxout(Mixer::init(width, pieces, inputs, init)),
            WindowKind::Mish => {
                WindowLayer::Mish(Mish::init(width, inputs, init), LayerNorm::init(width, init))
            }
        }
    }

    fn forward(&self, x: Tensor<2>, window_size: usize, mode: &mut Mode<'_>) -> Tensor<2> {
        match self {
            WindowLayer::Maxout(mixer) => {
                let mask = mode.mask(x.dims());
                mixer.forward(x, window(window_size), mask)
            }
            WindowLayer::Mish(mish, norm) => {
                let output = norm.forward(mish.forward(expand_window(x.clone(), window_size)));
                mode.dropout(output) + x
            }
        }
    }

    fn parameters_mut(&mut self) -> [&mut dyn Parameter; 4] {
        match self {
            WindowLayer::Maxout(mixer) => mixer.parameters_mut(),
            WindowLayer::Mish(mish, norm) => {
                [&mut mish.weight, &mut mish.bias, &mut norm.gain, &mut norm.bias]
            }
        }
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        match self {
            WindowLayer::Maxout(mixer) => mixer.layer(tree),
            WindowLayer::Mish(mish, norm) => {
                let [outputs, inputs] = mish.weight.dims();
                let layer = Layer::new("mish").dim("nO", outputs).dim("nI", inputs);
                let layer = tree.leaf(layer, &[("W", &mish.weight), ("b", &mish.bias)]);
                normalised(layer, norm, tree)
            }
        }
    }
}

/// Sequences with zero rows before, between and after them.
struct PaddedRows {
    /// The token that each row is of; [`RowSums::ZEROS`] for zero rows.
    sources: Vec<u32>,
    /// The row of each token.
    places: Vec<u32>,
}

impl PaddedRows {
    /// Empty sequences take no part: no padding stands around them.
    fn new(lengths: &[usize], padding: usize) -> PaddedRows {
        let mut sources = vec![RowSums::ZEROS; padding];
        let mut places: Vec<u32> = Vec::with_capacity(lengths.iter().sum());
        for &length in lengths.iter().filter(|&&length| length > 0) {
            let first = places.len();
            places.extend((sources.len()..sources.len() + length).map(|place| place as u32));
            sources.extend((first..first + length).map(|row| row as u32));
            sources.extend(std::iter::repeat_n(RowSums::ZEROS, padding));
        }
        PaddedRows { sources, places }
    }
}
