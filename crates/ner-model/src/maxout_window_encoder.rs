use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_layers::{Init, MaxoutWindow, Mode, RowSums};
use ner_thinc::{Layer, chain, residual, with_array};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::mixer::Mixer;
use crate::{Encode, LayerTree, Parameter, Recipe};

/// Convolutions over a window of tokens, with maxout, layer normalisation and residual connections.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaxoutWindowEncoderConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Neighbours on either side that a layer sees.
    pub window_size: usize,
    /// Pieces of each maxout.
    pub maxout_pieces: usize,
    /// Number of layers.
    pub depth: usize,
}

/// A stack of window layers over token vectors.
#[derive(Debug)]
pub(crate) struct MaxoutWindowEncoder {
    layers: Vec<Mixer>,
    width: usize,
    window_size: usize,
}

impl MaxoutWindowEncoder {
    fn init(config: &MaxoutWindowEncoderConfig, init: &mut Init<'_>) -> MaxoutWindowEncoder {
        let inputs = config.width * (2 * config.window_size + 1);
        let layer = |init: &mut Init<'_>| Mixer::init(config.width, config.maxout_pieces, inputs, init);
        MaxoutWindowEncoder {
            layers: (0..config.depth).map(|_| layer(init)).collect(),
            width: config.width,
            window_size: config.window_size,
        }
    }

    /// Zero rows around each sequence, as many as the stack can see.
    fn padding(&self) -> usize {
        self.window_size * self.layers.len()
    }
}

impl Encode for MaxoutWindowEncoder {
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        let layout = PaddedRows::new(lengths, self.padding());
        let window = MaxoutWindow { window: self.window_size, is_residual: true };
        let mut padded = layout.pad.forward(x);
        for layer in &self.layers {
            let mask = mode.mask(padded.dims());
            padded = layer.forward(padded, window, mask);
        }
        layout.unpad.forward(padded)
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.layers.iter_mut().flat_map(Mixer::parameters_mut).collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let window_layer = |mixer: &Mixer, tree: &mut LayerTree| {
            let window = Layer::new("expand_window").attr("window_size", self.window_size as u64);
            let mixer = mixer.layer(tree);
            let layer = chain([window.into(), mixer]).dim("nO", self.width);
            Arc::new(residual(layer).dim("nI", None))
        };
        let layers: Vec<_> = self.layers.iter().map(|mixer| window_layer(mixer, tree)).collect();
        let stack = match <[_; 1]>::try_from(layers) {
            Ok([single]) => single,
            Err(layers) => chain(layers).dim("nO", self.width).dim("nI", None).into(),
        };
        with_array(stack, self.padding()).into()
    }
}

/// Puts zero rows before, between and after sequences, and takes them away again.
struct PaddedRows {
    pad: RowSums,
    unpad: RowSums,
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
        PaddedRows { pad: RowSums::copies(sources), unpad: RowSums::copies(places) }
    }
}

/// `spacy.MaxoutWindowEncoder.v2`
pub(crate) fn maxout_window_encoder(
    config: MaxoutWindowEncoderConfig,
    builder: &Builder<'_>,
) -> Result<Recipe<dyn Encode>, ConfigError> {
    for (key, value) in
        [("width", config.width), ("maxout_pieces", config.maxout_pieces), ("depth", config.depth)]
    {
        if value == 0 {
            return Err(builder.invalid(key, "expected at least 1, found 0"));
        }
    }
    Ok(Recipe::new(config.width, move |init: &mut Init<'_>| {
        Box::new(MaxoutWindowEncoder::init(&config, init)) as Box<dyn Encode>
    }))
}
