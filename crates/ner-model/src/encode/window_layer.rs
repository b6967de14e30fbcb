use std::sync::Arc;

use burn::tensor::Tensor;
use ner_layers::{Centres, Init, LayerNorm, MaxoutWindow, Mish, Mode, WindowShares, expand_window};
use ner_thinc::Layer;

use super::normalised_maxout::{NormalisedMaxout, normalised};
use super::padded_rows::LayerRows;
use super::window_recipe::{WindowKind, WindowRecipe};
use crate::{LayerTree, Parameter};

/// The fewest tokens of a training batch for which a layer saves products (minimal filtering). New weights have to be
/// transformed for it in every step, which costs more than it saves on fewer tokens, as measured on an AMD EPYC (Zen 3).
const MANY_TOKENS: usize = 400;

/// Whether layers save products. In prediction they always do, since the weights stay, and since the vectors of a document
/// must not depend on how many tokens its batch has: the two ways round differently.
pub(super) fn saves_products(n_tokens: usize, is_training: bool) -> bool {
    !is_training || n_tokens >= MANY_TOKENS
}

/// One layer of a stack: each row and its neighbours, mixed, normalised and added to the row.
#[derive(Debug)]
pub(super) enum WindowLayer {
    Maxout(NormalisedMaxout),
    Mish(Mish, LayerNorm),
}

impl WindowLayer {
    pub(super) fn init(recipe: WindowRecipe, init: &mut Init<'_>) -> WindowLayer {
        let WindowRecipe { width, window_size, .. } = recipe;
        let inputs = width * (2 * window_size + 1);
        match recipe.kind {
            WindowKind::Maxout(pieces) => {
                WindowLayer::Maxout(NormalisedMaxout::init(width, pieces, inputs, init))
            }
            WindowKind::Mish => {
                WindowLayer::Mish(Mish::init(width, inputs, init), LayerNorm::init(width, init))
            }
        }
    }

    /// `[rows that the layer reads, width]` -> `[rows that it computes, width]`
    pub(super) fn forward(
        &self,
        x: Tensor<2>,
        window_size: usize,
        rows: LayerRows<'_>,
        mode: &mut Mode<'_>,
    ) -> Tensor<2> {
        match self {
            WindowLayer::Maxout(maxout) => {
                // spaCy: the masks are drawn for all rows, those of the padding too (ml/models/tok2vec.py).
                let mask = mode.mask([rows.padded.n_rows, x.dims()[1]]);
                let mask = mask.map(|mask| mask.of_rows(rows.output_rows()));
                let saves_products =
                    saves_products(rows.padded.n_tokens(), matches!(mode, Mode::Train { .. }));
                maxout.forward(x, &window(window_size, Some(rows.centres()), saves_products), mask)
            }
            // Without rows of zeros between sequences there are none to leave out: the layer computes all that it reads.
            WindowLayer::Mish(mish, norm) => {
                let output = norm.forward(mish.forward(expand_window(x.clone(), window_size)));
                mode.dropout(output) + x
            }
        }
    }

    /// Lays out the weights for [`forward`](WindowLayer::forward), which would do it otherwise.
    pub(super) fn prepare(&self, window_size: usize, saves_products: bool) {
        if let WindowLayer::Maxout(maxout) = self {
            maxout.prepare(&window(window_size, None, saves_products));
        }
    }

    /// The layer in prediction where rows recur, if there is a faster way for them.
    pub(super) fn shares(&self, window_size: usize) -> Option<WindowShares> {
        match self {
            WindowLayer::Maxout(maxout) => maxout.shares(&window(window_size, None, true)),
            WindowLayer::Mish(..) => None,
        }
    }

    /// The trainable weights: those of the mix, then those of the normalisation.
    pub(super) fn parameters_mut(&mut self) -> [&mut dyn Parameter; 4] {
        match self {
            WindowLayer::Maxout(maxout) => maxout.parameters_mut(),
            WindowLayer::Mish(mish, norm) => {
                [&mut mish.weight, &mut mish.bias, &mut norm.gain, &mut norm.bias]
            }
        }
    }

    /// The layer as Thinc describes it, without window and residual connection.
    pub(super) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        match self {
            WindowLayer::Maxout(maxout) => maxout.layer(tree),
            WindowLayer::Mish(mish, norm) => {
                let [outputs, inputs] = mish.weight.dims();
                let layer = Layer::new("mish").dim("nO", outputs).dim("nI", inputs);
                let layer = tree.leaf(layer, &[("W", &mish.weight), ("b", &mish.bias)]);
                normalised(layer, norm, tree)
            }
        }
    }
}

fn window(window_size: usize, centres: Option<Arc<Centres>>, saves_products: bool) -> MaxoutWindow {
    MaxoutWindow { window: window_size, is_residual: true, centres, saves_products }
}
