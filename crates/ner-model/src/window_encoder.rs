use std::ops::Range;
use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{Builder, ConfigError};
use ner_layers::{
    Centres, Init, LayerNorm, MaxoutWindow, Mish, Mode, RowSums, WindowShares, expand_window, to_vec,
};
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
        WindowEncoder { recipe: self, padding, layers, first_layer: OnceLock::new() }
    }
}

/// A stack of window layers over token vectors, with residual connections.
#[derive(Debug)]
pub(crate) struct WindowEncoder {
    recipe: WindowRecipe,
    padding: usize,
    layers: Vec<WindowLayer>,
    /// The first layer for words that recur, if it can be had, until weights may change.
    first_layer: OnceLock<Option<WindowShares>>,
}

impl WindowEncoder {
    /// All sequences as one array.
    fn forward_together(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        let padded = PaddedRows::new(lengths, self.padding);
        let x = RowSums::copies(padded.sources()).forward(x);
        let layers = self.layers.iter().zip(self.layer_rows(&padded));
        layers.fold(x, |x, (layer, rows)| layer.forward(x, self.recipe.window_size, rows, mode))
    }

    /// What each layer has to work on: rows of zeros as far as a later layer sees them from a token.
    fn layer_rows<'a>(&'a self, padded: &'a PaddedRows) -> impl Iterator<Item = LayerRows<'a>> {
        let mut inputs = padded.within(self.padding);
        (1..=self.layers.len()).map(move |n_layers| {
            let outputs = padded.within(self.padding.saturating_sub(n_layers * self.recipe.window_size));
            let inputs = std::mem::replace(&mut inputs, outputs.clone());
            LayerRows { padded, inputs, outputs }
        })
    }

    fn first_layer(&self) -> Option<&WindowShares> {
        if let Some(first) = self.first_layer.get() {
            return first.as_ref();
        }
        // Not under the lock: while Burn's threads copy weights, this one may be asked for another batch.
        let made = self.make_first_layer();
        self.first_layer.get_or_init(|| made).as_ref()
    }

    #[cold]
    fn make_first_layer(&self) -> Option<WindowShares> {
        match self.layers.first()? {
            WindowLayer::Maxout(mixer) if self.padding > 0 => {
                mixer.shares(&window(self.recipe.window_size, None))
            }
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
    fn prepare(&self, lengths: &[usize], is_training: bool) {
        let window = MaxoutWindow {
            saves_products: saves_products(lengths.iter().sum(), is_training),
            ..window(self.recipe.window_size, None)
        };
        self.layers.iter().for_each(|layer| layer.prepare(&window));
    }

    /// In prediction no sequence sees another. In training they do where no zero rows stand between them, as in spaCy.
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        if self.padding > 0 || matches!(mode, Mode::Train { .. }) {
            return self.forward_together(x, lengths, mode);
        }
        each_alone(x, lengths, |x, length| self.forward_together(x, &[length], mode))
    }

    fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        let x = to_vec(x);
        match self.first_layer() {
            Some(first) => first.numbers(&x),
            None => x,
        }
    }

    fn forward_words(&self, words: &KnownWords<'_>, lengths: &[usize], device: &Device) -> Tensor<2> {
        let padded = PaddedRows::new(lengths, self.padding);
        let mut layers = self.layers.iter().zip(self.layer_rows(&padded));
        let (Some(first), Some((_, rows))) = (self.first_layer(), layers.next()) else {
            return self.forward(words.vectors(device), lengths, &mut Mode::Predict);
        };
        let mut sources = padded.sources();
        for source in sources.iter_mut().filter(|source| **source != RowSums::ZEROS) {
            *source = words.of_tokens[*source as usize];
        }
        let (x, width) = (first.forward(words.numbers, &sources, &rows.centres()), self.recipe.width);
        let shape = [x.len() / width, width];
        let x = Tensor::from_data(TensorData::new(x, shape), device);
        let window_size = self.recipe.window_size;
        layers.fold(x, |x, (layer, rows)| layer.forward(x, window_size, rows, &mut Mode::Predict))
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.first_layer = OnceLock::new();
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

/// What a layer of maxout does in prediction.
fn window(window_size: usize, centres: Option<Arc<Centres>>) -> MaxoutWindow {
    MaxoutWindow { window: window_size, is_residual: true, centres, saves_products: true }
}

/// Whether layers save products. In prediction they always do: the vectors of a document do not depend on how many
/// tokens the batch has.
fn saves_products(n_tokens: usize, is_training: bool) -> bool {
    !is_training || n_tokens >= MANY_TOKENS
}

/// Tokens of a batch for which new weights are worth the transformation, as measured on an AMD EPYC (Zen 3).
const MANY_TOKENS: usize = 400;

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

    fn forward(
        &self,
        x: Tensor<2>,
        window_size: usize,
        rows: LayerRows<'_>,
        mode: &mut Mode<'_>,
    ) -> Tensor<2> {
        match self {
            WindowLayer::Maxout(mixer) => {
                // spaCy: the masks are drawn for all rows (tok2vec.py).
                let mask = mode.mask([rows.padded.n_rows, x.dims()[1]]);
                let mask = mask.map(|mask| mask.of_rows(rows.output_rows()));
                let n_tokens = rows.padded.sequences.iter().map(Range::len).sum();
                let window = MaxoutWindow {
                    saves_products: saves_products(n_tokens, matches!(mode, Mode::Train { .. })),
                    ..window(window_size, Some(rows.centres()))
                };
                mixer.forward(x, &window, mask)
            }
            // No rows of zeros stand between sequences.
            WindowLayer::Mish(mish, norm) => {
                let output = norm.forward(mish.forward(expand_window(x.clone(), window_size)));
                mode.dropout(output) + x
            }
        }
    }

    fn prepare(&self, window: &MaxoutWindow) {
        if let WindowLayer::Maxout(mixer) = self {
            mixer.prepare(window);
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

/// Sequences with zero rows before, between and after them. Empty ones take no part: no padding stands around them.
struct PaddedRows {
    /// The rows of each sequence.
    sequences: Vec<Range<usize>>,
    n_rows: usize,
}

impl PaddedRows {
    fn new(lengths: &[usize], padding: usize) -> PaddedRows {
        let mut n_rows = padding;
        let mut place = |length: usize| {
            let rows = n_rows..n_rows + length;
            n_rows = rows.end + padding;
            rows
        };
        let sequences = lengths.iter().filter(|&&length| length > 0).map(|&length| place(length)).collect();
        PaddedRows { sequences, n_rows }
    }

    /// The token that each row is of; [`RowSums::ZEROS`] for zero rows.
    fn sources(&self) -> Vec<u32> {
        let mut sources = vec![RowSums::ZEROS; self.n_rows];
        let rows = self.sequences.iter().cloned().flatten();
        rows.zip(0..).for_each(|(row, token)| sources[row] = token);
        sources
    }

    /// For each sequence the rows that are no further from its tokens than `distance`. A row that is near to two of them
    /// is given to the first.
    fn within(&self, distance: usize) -> Arc<[Range<usize>]> {
        let mut next = 0;
        let near = self.sequences.iter().map(|sequence| {
            let first = next.max(sequence.start.saturating_sub(distance));
            next = self.n_rows.min(sequence.end + distance);
            first..next
        });
        near.collect()
    }
}

/// What one layer of a stack works on.
struct LayerRows<'a> {
    padded: &'a PaddedRows,
    /// The rows that the layer reads, ascending.
    inputs: Arc<[Range<usize>]>,
    /// Those that it makes something of.
    outputs: Arc<[Range<usize>]>,
}

impl LayerRows<'_> {
    /// Where among the inputs the outputs stand.
    fn centres(&self) -> Arc<Centres> {
        let mut inputs = (0..).zip(self.inputs.iter().cloned().flatten());
        let place = |outputs: &Range<usize>| {
            let (place, _) = inputs.find(|&(_, input)| input == outputs.start)?;
            Some(place..place + outputs.len())
        };
        Arc::new(Centres::new(self.outputs.iter().filter_map(place)))
    }

    /// The rows that the layer makes something of.
    fn output_rows(&self) -> Arc<[u32]> {
        self.outputs.iter().cloned().flatten().map(|row| row as u32).collect()
    }
}
