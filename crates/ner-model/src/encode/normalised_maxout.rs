use std::sync::Arc;

use burn::tensor::Tensor;
use ner_layers::{Init, LayerNorm, Mask, Maxout, MaxoutWindow, WindowShares};
use ner_thinc::{Layer, chain};

use crate::{LayerTree, Parameter};

/// Maxout and layer normalisation: the block that most architectures here are made of. Thinc adds dropout to it.
#[derive(Debug)]
pub(crate) struct NormalisedMaxout {
    maxout: Maxout,
    norm: LayerNorm,
}

impl NormalisedMaxout {
    pub(crate) fn init(
        outputs: usize,
        pieces: usize,
        inputs: usize,
        init: &mut Init<'_>,
    ) -> NormalisedMaxout {
        NormalisedMaxout {
            maxout: Maxout::init(outputs, pieces, inputs, init),
            norm: LayerNorm::init(outputs, init),
        }
    }

    /// Lays out the weights for [`forward`](NormalisedMaxout::forward) with a window, which would do it otherwise.
    pub(crate) fn prepare(&self, window: &MaxoutWindow) {
        window.prepare(&self.maxout);
    }

    /// `[rows, width]` -> `[centres of windows, outputs]`
    pub(crate) fn forward(&self, x: Tensor<2>, window: &MaxoutWindow, mask: Option<Mask>) -> Tensor<2> {
        window.forward(x, &self.maxout, &self.norm, mask)
    }

    /// The same in prediction where rows recur, if that is worthwhile on the weights' device.
    pub(crate) fn shares(&self, window: &MaxoutWindow) -> Option<WindowShares> {
        WindowShares::new(window, &self.maxout, &self.norm)
    }

    pub(crate) fn parameters_mut(&mut self) -> [&mut dyn Parameter; 4] {
        // While the kernel keeps the weights, Burn would copy them instead of changing them in place.
        self.maxout.forget();
        [&mut self.maxout.weight, &mut self.maxout.bias, &mut self.norm.gain, &mut self.norm.bias]
    }

    /// `maxout>>layernorm>>dropout`, nested as Thinc nests it.
    pub(crate) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [outputs, pieces, inputs] = self.maxout.weight.dims();
        let maxout = Layer::new("maxout").dim("nO", outputs).dim("nI", inputs).dim("nP", pieces);
        let maxout = tree.leaf(maxout, &[("W", &self.maxout.weight), ("b", &self.maxout.bias)]);
        normalised(maxout, &self.norm, tree)
    }
}

/// `dense>>layernorm>>dropout`, nested as Thinc nests it.
pub(crate) fn normalised(dense: Arc<Layer>, norm: &LayerNorm, tree: &mut LayerTree) -> Arc<Layer> {
    let [outputs] = norm.gain.dims();
    let layer = Layer::new("layernorm").dim("nI", outputs).dim("nO", outputs);
    let layer = tree.leaf(layer, &[("G", &norm.gain), ("b", &norm.bias)]);
    let dropout = Layer::new("dropout").attr("dropout_rate", tree.dropout_rate()).attr("is_enabled", true);
    let normalised = chain([dense, layer]).into();
    chain([normalised, dropout.into()]).dim("nO", outputs).into()
}
