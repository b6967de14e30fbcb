use std::sync::Arc;

use burn::tensor::{Int, Tensor, TensorData};
use ner_config::{Builder, ConfigError};
use ner_layers::{Init, Mode, expand_window};
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
        let mut padded = layout.pad(x);
        for layer in &self.layers {
            let mixed = layer.forward(expand_window(padded.clone(), self.window_size));
            padded = padded + mode.dropout(mixed);
        }
        layout.unpad(padded)
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

/// Where the rows of sequences stand once zero rows are put before, between and after them.
struct PaddedRows {
    /// For each padded row, the row that it holds; the row after the last is the zero row.
    sources: Vec<i64>,
    /// For each row, its padded row.
    places: Vec<i64>,
}

impl PaddedRows {
    /// Empty sequences take no part: no padding stands around them.
    fn new(lengths: &[usize], padding: usize) -> PaddedRows {
        let n_rows: usize = lengths.iter().sum();
        let mut sources = vec![n_rows as i64; padding];
        let mut places = Vec::with_capacity(n_rows);
        for &length in lengths.iter().filter(|&&length| length > 0) {
            let first = places.len();
            places.extend((sources.len()..sources.len() + length).map(|place| place as i64));
            sources.extend((first..first + length).map(|row| row as i64));
            sources.extend(std::iter::repeat_n(n_rows as i64, padding));
        }
        PaddedRows { sources, places }
    }

    fn pad(&self, x: Tensor<2>) -> Tensor<2> {
        let [_, width] = x.dims();
        let zeros = Tensor::zeros([1, width], &x.device());
        pick(Tensor::cat(vec![x, zeros], 0), &self.sources)
    }

    fn unpad(&self, x: Tensor<2>) -> Tensor<2> {
        pick(x, &self.places)
    }
}

fn pick(x: Tensor<2>, rows: &[i64]) -> Tensor<2> {
    let rows = Tensor::<1, Int>::from_data(TensorData::new(rows.to_vec(), [rows.len()]), &x.device());
    x.select(0, rows)
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
