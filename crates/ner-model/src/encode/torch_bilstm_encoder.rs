use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_layers::{BiLstm, Init, Mode, RowSums};
use ner_thinc::{Layer, with_padded};
use schemars::JsonSchema;
use serde::Deserialize;

use super::sequences::each_alone;
use crate::argument_checks::check_weights;
use crate::{Encode, LayerTree, Parameter, Recipe};

/// Layers of long short-term memory in both directions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TorchBiLstmEncoderConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Number of layers; 0: the vectors stay as they are.
    pub depth: usize,
    /// Dropout between layers in training, whatever the training's own rate.
    pub dropout: f64,
}

/// Layers of long short-term memory over token vectors.
#[derive(Debug)]
pub(crate) struct TorchBiLstmEncoder {
    lstm: BiLstm,
    width: usize,
    dropout: f64,
}

/// PyTorch's names of the parameters of one direction.
const NAMES: [&str; 4] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];

impl TorchBiLstmEncoder {
    fn parameters(&self) -> Vec<(String, &dyn Parameter)> {
        let layers = self.lstm.layers.iter().enumerate();
        let directions = layers.flat_map(|(index, layer)| {
            [(format!("_l{index}"), &layer.forward), (format!("_l{index}_reverse"), &layer.reverse)]
        });
        let parameters = directions.flat_map(|(suffix, lstm)| {
            let parameters: [&dyn Parameter; 4] =
                [&lstm.weight_ih, &lstm.weight_hh, &lstm.bias_ih, &lstm.bias_hh];
            NAMES.map(|name| format!("{name}{suffix}")).into_iter().zip(parameters)
        });
        parameters.collect()
    }
}

impl Encode for TorchBiLstmEncoder {
    /// In prediction no sequence sees another. In training short ones are followed by zeros up to the length of the
    /// longest, which are read as the others are.
    ///
    /// spaCy: it does so in prediction, too, where a batch holds documents of different lengths
    /// (thinc/layers/pytorchwrapper.py).
    fn forward(&self, x: Tensor<2>, lengths: &[usize], mode: &mut Mode<'_>) -> Tensor<2> {
        if self.lstm.layers.is_empty() {
            return x;
        }
        match mode {
            Mode::Predict => each_alone(x, lengths, |x, _| self.lstm.forward(x, 1, &mut Mode::Predict)),
            Mode::Train { random, seeds, .. } => {
                let layout = SideBySide::new(lengths);
                let mut dropout = Mode::Train { rate: self.dropout, random, seeds };
                let output = self.lstm.forward(layout.join.forward(x), layout.n_sequences, &mut dropout);
                layout.part.forward(output)
            }
        }
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let directions =
            self.lstm.layers.iter_mut().flat_map(|layer| [&mut layer.forward, &mut layer.reverse]);
        let parameters = directions.flat_map(|lstm| -> [&mut dyn Parameter; 4] {
            [&mut lstm.weight_ih, &mut lstm.weight_hh, &mut lstm.bias_ih, &mut lstm.bias_hh]
        });
        parameters.collect()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        if self.lstm.layers.is_empty() {
            return Layer::new("noop").into();
        }
        let layer = Layer::new("pytorch").dim("nI", self.width).dim("nO", self.width);
        let layer = tree.torch_leaf(layer, &self.parameters());
        // spaCy: sequences are padded twice, by Thinc's wrapper of the LSTM (thinc/layers/lstm.py) and by the
        // architecture around it (ml/models/tok2vec.py).
        with_padded(with_padded(layer)).into()
    }
}

/// Sequences beside each other, step by step, as an LSTM reads them: `[steps, sequences]`.
struct SideBySide {
    n_sequences: usize,
    /// Tokens, sequence by sequence -> steps.
    join: RowSums,
    /// Steps -> tokens.
    part: RowSums,
}

impl SideBySide {
    /// Empty sequences take no part.
    fn new(lengths: &[usize]) -> SideBySide {
        let lengths: Vec<usize> = lengths.iter().copied().filter(|&length| length > 0).collect();
        let n_sequences = lengths.len();
        let n_steps = lengths.iter().copied().max().unwrap_or(0);
        let mut sources = vec![RowSums::ZEROS; n_steps * n_sequences];
        let mut places = Vec::new();
        for (sequence, &length) in lengths.iter().enumerate() {
            for step in 0..length {
                let place = step * n_sequences + sequence;
                sources[place] = places.len() as u32;
                places.push(place as u32);
            }
        }
        SideBySide { n_sequences, join: RowSums::copies(sources), part: RowSums::copies(places) }
    }
}

/// `spacy.TorchBiLSTMEncoder.v1`
pub(crate) fn torch_bilstm_encoder(
    config: TorchBiLstmEncoderConfig,
    builder: &Builder<'_>,
) -> Result<Recipe<dyn Encode>, ConfigError> {
    let TorchBiLstmEncoderConfig { width, depth, dropout } = config;
    if width == 0 || (depth > 0 && width % 2 != 0) {
        let message = format!("expected an even number, half of it for each direction, found {width}");
        return Err(builder.invalid("width", message));
    }
    if depth > 0 {
        // An upper bound: two directions of four gates, each `width / 2` long, over `width` inputs and their own output.
        check_weights(builder, "width", &[depth, 8, width, width])?;
    }
    if !(0.0..=1.0).contains(&dropout) {
        return Err(builder.invalid("dropout", format!("expected a rate from 0 to 1, found {dropout}")));
    }
    Ok(Recipe::new(width, move |init: &mut Init<'_>| {
        // Both directions together are as wide as the input (Thinc, layers/lstm.py).
        let lstm = BiLstm::init(width, width / 2, depth, init);
        Box::new(TorchBiLstmEncoder { lstm, width, dropout }) as Box<dyn Encode>
    }))
}
