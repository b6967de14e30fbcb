use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, Tensor, TensorData};
use ner_layers::{Init, Mode, RowSums, WindowShares, to_vec};
use ner_thinc::{Layer, chain, residual, with_array};

use super::padded_rows::PaddedRows;
use super::sequences::each_alone;
use super::window_layer::{WindowLayer, saves_products};
use super::window_recipe::{Version, WindowKind, WindowRecipe};
use crate::{Encode, EncodeStretch, KnownWords, LayerTree, Parameter, Recipe};

/// A stack of window layers over token vectors, with residual connections. After `n` layers a token's vector depends on `n *
/// window_size` neighbours on either side.
#[derive(Debug)]
pub(crate) struct WindowEncoder {
    pub(super) recipe: WindowRecipe,
    pub(super) padding: usize,
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

    /// Encodes all sequences as one array, with `padding` rows of zeros between them.
    fn forward_together(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        let padded = PaddedRows::new(lengths, self.padding);
        let x = RowSums::copies(padded.sources()).forward(x);
        let layers = self.layers.iter().zip(padded.of_layers(self.layers.len(), self.recipe.window_size));
        layers.fold(x, |x, (layer, rows)| layer.forward(x, self.recipe.window_size, rows, mode))
    }

    /// The same in prediction, where each row of the array is a word or zeros.
    pub(super) fn forward_sources(
        &self,
        first: &WindowShares,
        words: &KnownWords<'_>,
        sources: &[u32],
        padded: &PaddedRows,
        device: &Device,
    ) -> Tensor<2> {
        let WindowRecipe { width, window_size, .. } = self.recipe;
        let mut rows = padded.of_layers(self.layers.len(), window_size);
        let centres = rows.next().expect("a stack with a first layer has one").centres();
        let x = first.forward(words.numbers, sources, &centres);
        let shape = [x.len() / width, width];
        let x = Tensor::from_data(TensorData::new(x, shape), device);
        let layers = self.layers[1..].iter().zip(rows);
        layers.fold(x, |x, (layer, rows)| layer.forward(x, window_size, rows, &mut Mode::Predict))
    }

    pub(super) fn first_layer(&self) -> Option<&WindowShares> {
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
        // spaCy: only the first version of the maxout stack notes down how far it sees
        // (spacy_legacy/architectures/tok2vec.py).
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
        let Some(first) = self.first_layer() else {
            return self.forward(words.vectors(device), lengths, &mut Mode::Predict);
        };
        // The first layer needs no row for each token: it reads the numbers of the token's word where they lie.
        let mut sources = padded.sources();
        for source in sources.iter_mut().filter(|source| **source != RowSums::ZEROS) {
            *source = words.of_tokens[*source as usize];
        }
        self.forward_sources(first, words, &sources, &padded, device)
    }

    fn stretches(&self) -> Option<&dyn EncodeStretch> {
        // Outputs share products in groups that are counted anew where windows of zeros end. With none of these behind the
        // first layer, groups are counted from the beginning of the sequence alone.
        self.first_layer().filter(|first| !first.keeps_zeros()).map(|_| self as &dyn EncodeStretch)
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        // The shares were computed from weights that may change now.
        self.first_layer = OnceLock::new();
        self.layers.iter_mut().flat_map(WindowLayer::parameters_mut).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        with_array(self.stack(tree), self.recipe.padding()).into()
    }
}

#[cfg(test)]
mod tests {
    use ner_cpython::NumpyRandom;
    use ner_layers::Seeds;

    use super::*;

    const WIDTH: usize = 6;
    const RECIPE: WindowRecipe = WindowRecipe {
        width: WIDTH,
        window_size: 1,
        depth: 2,
        kind: WindowKind::Maxout(3),
        version: Version::Two,
    };
    const MISH: WindowRecipe = WindowRecipe { kind: WindowKind::Mish, ..RECIPE };

    fn encoder(recipe: WindowRecipe) -> WindowEncoder {
        let mut random = NumpyRandom::new(0);
        WindowEncoder::init(recipe, recipe.padding(), &mut Init::random(&mut random, &Device::flex()))
    }

    fn rows(n_rows: usize) -> Vec<f32> {
        let mut rows = vec![0.0; n_rows * WIDTH];
        NumpyRandom::new(1).fill_normal(0.0, 1.0, &mut rows);
        rows
    }

    fn tensor(rows: &[f32]) -> Tensor<2> {
        let shape = [rows.len() / WIDTH, WIDTH];
        Tensor::from_data(TensorData::new(rows.to_vec(), shape), &Device::flex())
    }

    fn predict(encoder: &WindowEncoder, rows: &[f32], lengths: &[usize]) -> Vec<f32> {
        to_vec(encoder.forward(tensor(rows), lengths, &mut Mode::Predict))
    }

    fn train(encoder: &WindowEncoder, rows: &[f32], lengths: &[usize]) -> Vec<f32> {
        let random = &mut NumpyRandom::new(0);
        to_vec(encoder.forward(
            tensor(rows),
            lengths,
            &mut Mode::Train { rate: 0.0, random, seeds: &mut Seeds::new(0) },
        ))
    }

    #[test]
    fn no_sequence_sees_another_in_prediction() {
        let rows = rows(7);
        let (first, second) = rows.split_at(3 * WIDTH);
        for encoder in [encoder(RECIPE), encoder(MISH)] {
            let alone = [predict(&encoder, first, &[3]), predict(&encoder, second, &[4])].concat();
            assert_eq!(predict(&encoder, &rows, &[3, 0, 4]), alone);
        }
    }

    #[test]
    fn in_training_only_layers_of_maxout_keep_sequences_apart() {
        let rows = rows(7);
        let (first, second) = rows.split_at(3 * WIDTH);
        let [maxout, mish] = [encoder(RECIPE), encoder(MISH)].map(|encoder| {
            let alone = [train(&encoder, first, &[3]), train(&encoder, second, &[4])].concat();
            train(&encoder, &rows, &[3, 4]) == alone
        });
        assert!(maxout && !mish);
    }

    #[test]
    fn each_layer_sees_one_window_further() {
        let (encoder, mut rows) = (encoder(RECIPE), rows(8));
        let before = predict(&encoder, &rows, &[8]);
        rows[0] += 1.0;
        let after = predict(&encoder, &rows, &[8]);
        // Four neighbouring rows are computed together (minimal filtering), so rounding errors reach further than windows do.
        let is_other = |(before, after): (&f32, &f32)| (before - after).abs() > 1e-4;
        let changed: Vec<bool> = before
            .chunks(WIDTH)
            .zip(after.chunks(WIDTH))
            .map(|(before, after)| before.iter().zip(after).any(is_other))
            .collect();
        assert_eq!(changed, [true, true, true, false, false, false, false, false]);
    }

    #[test]
    fn remembered_words_give_what_their_vectors_give() {
        for encoder in [encoder(RECIPE), encoder(MISH)] {
            let words = rows(3);
            let of_tokens = [0, 1, 0, 2, 1];
            let numbers = encoder.numbers(tensor(&words));
            let numbers: Vec<Arc<[f32]>> = numbers.chunks(numbers.len() / 3).map(Arc::from).collect();
            let known = KnownWords { numbers: &numbers, of_tokens: &of_tokens, width: WIDTH };
            let found = to_vec(encoder.forward_words(&known, &[2, 3], &Device::flex()));
            let rows: Vec<f32> = of_tokens
                .iter()
                .flat_map(|&word| &words[word as usize * WIDTH..][..WIDTH])
                .copied()
                .collect();
            let expected = predict(&encoder, &rows, &[2, 3]);
            let is_close = |(found, expected): (&f32, &f32)| (found - expected).abs() < 1e-5;
            assert!(found.iter().zip(&expected).all(is_close), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn new_weights_are_seen_by_the_next_prediction() {
        let mut encoder = encoder(RECIPE);
        let first = encoder.numbers(tensor(&rows(1)));
        assert_eq!(encoder.numbers(tensor(&rows(1))), first);
        for parameter in encoder.parameters_mut() {
            parameter.change(&mut |weights| weights.iter_mut().for_each(|weight| *weight += 1.0));
        }
        assert_ne!(encoder.numbers(tensor(&rows(1))), first);
    }

    #[test]
    fn a_single_layer_is_described_without_a_chain() {
        let describe = |depth: usize| {
            let encoder = encoder(WindowRecipe { depth, ..RECIPE });
            encoder.stack(&mut LayerTree::to_read()).node.name.clone()
        };
        assert!(describe(1).starts_with("residual("), "{}", describe(1));
        assert_eq!(describe(2), format!("{0}>>{0}", describe(1)));
    }
}
