use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, Tensor, TensorData};
use ner_layers::{Init, Mode, RowSums, WindowShares, to_vec};
use ner_thinc::{Layer, chain, residual, with_array};

use super::padded_rows::PaddedRows;
use super::sequences::each_alone;
use super::window_layer::{WindowLayer, saves_products};
use super::window_recipe::{Version, WindowKind, WindowRecipe};
use crate::{Encode, KnownWords, LayerTree, Parameter, Recipe};

/// A stack of window layers over token vectors, with residual connections.
#[derive(Debug)]
pub(crate) struct WindowEncoder {
    recipe: WindowRecipe,
    padding: usize,
    layers: Vec<WindowLayer>,
    /// The first layer for words that recur, if there is a faster way for them, until weights may change.
    first_layer: OnceLock<Option<WindowShares>>,
}

impl WindowEncoder {
    /// The encoder with its first weights. `padding` rows of zeros stand around each sequence.
    pub(crate) fn init(recipe: WindowRecipe, padding: usize, init: &mut Init<'_>) -> WindowEncoder {
        let layers = (0..recipe.depth).map(|_| WindowLayer::init(recipe, init)).collect();
        WindowEncoder { recipe, padding, layers, first_layer: OnceLock::new() }
    }

    /// A recipe for an encoder that joins sequences itself.
    pub(crate) fn recipe(window: WindowRecipe) -> Recipe<dyn Encode> {
        Recipe::new(window.width, move |init| {
            Box::new(WindowEncoder::init(window, window.padding(), init)) as Box<dyn Encode>
        })
    }

    /// All sequences as one array.
    fn forward_together(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        let padded = PaddedRows::new(lengths, self.padding);
        let x = RowSums::copies(padded.sources()).forward(x);
        let layers = self.layers.iter().zip(padded.of_layers(self.layers.len(), self.recipe.window_size));
        layers.fold(x, |x, (layer, rows)| layer.forward(x, self.recipe.window_size, rows, mode))
    }

    fn first_layer(&self) -> Option<&WindowShares> {
        if let Some(first) = self.first_layer.get() {
            return first.as_ref();
        }
        // Not under the lock of `get_or_init`: while Burn's threads copy weights, this one may be given another batch, and
        // would wait for itself.
        let made = self.make_first_layer();
        self.first_layer.get_or_init(|| made).as_ref()
    }

    // Apart from the rest since it runs once: inlined into prediction, it made that a tenth slower.
    #[cold]
    fn make_first_layer(&self) -> Option<WindowShares> {
        // Without rows of zeros sequences are encoded one by one, and there is no array of all words' windows.
        if self.padding == 0 { None } else { self.layers.first()?.shares(self.recipe.window_size) }
    }

    /// The stack as Thinc describes it, without the wrapper that joins sequences to one array.
    pub(crate) fn stack(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let WindowRecipe { width, window_size, depth, .. } = self.recipe;
        let window_layer = |layer: &WindowLayer, tree: &mut LayerTree| {
            let window = Layer::new("expand_window").attr("window_size", window_size as u64);
            let layer = chain([window.into(), layer.layer(tree)]).dim("nO", width);
            residual(layer).dim("nI", None)
        };
        let mut layers: Vec<_> = self.layers.iter().map(|layer| window_layer(layer, tree)).collect();
        // Thinc's `clone` gives a single layer as it is, and wraps several into a chain.
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
        let saves_products = saves_products(lengths.iter().sum(), is_training);
        self.layers.iter().for_each(|layer| layer.prepare(self.recipe.window_size, saves_products));
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
        let mut layers = self.layers.iter().zip(padded.of_layers(self.layers.len(), self.recipe.window_size));
        let (Some(first), Some((_, rows))) = (self.first_layer(), layers.next()) else {
            return self.forward(words.vectors(device), lengths, &mut Mode::Predict);
        };
        // The first layer needs no row for each token: it reads the numbers of the token's word where they lie.
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
