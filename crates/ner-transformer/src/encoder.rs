use burn::module::Param;
use burn::tensor::{Device, Tensor};
use ner_hub::{AttentionInput, EncoderConfig, EncoderNames, Family, LayerNames};
use ner_layers::{Init, LayerNorm, Linear, Table};

use crate::Precision;
use crate::dropout::{Dropout, layer_seed};
use crate::embeddings::{Embeddings, positions};
use crate::layer::{self, EncoderLayer};
use crate::shape::{LayerDropout, Shape};
#[cfg(feature = "flex")]
use crate::{
    fused::operations, kernel::weights::PackedLayer, kernel::windows::Windows, packed_layers::PackedLayers,
};

/// An encoder: embeddings of pieces, and layers that mix those of a window.
#[derive(Debug)]
pub struct Encoder {
    config: EncoderConfig,
    origin: Origin,
    #[cfg_attr(
        not(feature = "flex"),
        expect(dead_code, reason = "only kernels can do without what they keep")
    )]
    checkpoints: bool,
    embeddings: Embeddings,
    /// The layers with weights of their own, group by group.
    layers: Vec<EncoderLayer>,
    #[cfg(feature = "flex")]
    packed: PackedLayers,
}

/// Whose encoder it is: both compute the same, but they store weights, and drop numbers in training, differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `transformers`: queries, keys and values have a linear layer each. Weights of attention are dropped.
    HuggingFace,
    /// `curated-transformers`: the three are stacked. The sums of values are dropped.
    Curated,
}

/// What a pass through an encoder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// To predict: nothing is dropped, and nothing kept for a backward pass.
    Predict,
    /// To learn: numbers are dropped at the rates of the encoder's config, which ones the seed decides.
    Train {
        /// Another one in each pass.
        seed: u64,
    },
}

/// A weight of an encoder.
#[derive(Debug)]
pub enum Weight<'a> {
    /// The table of pieces.
    Table(&'a Table),
    /// A bias, scale or shift.
    Vector(&'a Param<Tensor<1>>),
    /// Of a linear layer, or another table.
    Matrix(&'a Param<Tensor<2>>),
}

/// The same, to be changed.
#[derive(Debug)]
pub enum WeightMut<'a> {
    /// The table of pieces.
    Table(&'a mut Table),
    /// A bias, scale or shift.
    Vector(&'a mut Param<Tensor<1>>),
    /// Of a linear layer, or another table.
    Matrix(&'a mut Param<Tensor<2>>),
}

impl Encoder {
    /// An encoder whose weights are zeros, to be replaced.
    pub fn zeros(config: EncoderConfig, origin: Origin, init: &Init<'_>) -> Encoder {
        let shape = shape(&config);
        let is_stacked = origin == Origin::Curated;
        let names = match origin {
            Origin::HuggingFace => Some(EncoderNames::hugging_face(&config)),
            Origin::Curated => EncoderNames::curated(&config),
        };
        let is_projected = names.is_some_and(|names| names.projection.is_some());
        let embeddings = Embeddings::zeros(&config, is_projected, init);
        let layers = config.groups().map(|_| EncoderLayer::zeros(&shape, is_stacked, init)).collect();
        Encoder {
            config,
            origin,
            checkpoints: false,
            embeddings,
            layers,
            #[cfg(feature = "flex")]
            packed: PackedLayers::default(),
        }
    }

    /// An encoder with first weights as they are drawn before any pretraining: normal numbers with a standard deviation of
    /// 0.02, zero biases.
    pub fn random(config: EncoderConfig, origin: Origin, init: &mut Init<'_>) -> Encoder {
        let mut encoder = Encoder::zeros(config, origin, init);
        for weight in encoder.weights_mut() {
            match weight {
                WeightMut::Table(table) => table.weight = init.normal(0.02, table.weight.dims()),
                WeightMut::Matrix(matrix) => *matrix = init.normal(0.02, matrix.dims()),
                // Biases and shifts are zeros, scales ones.
                WeightMut::Vector(_) => {}
            }
        }
        encoder
    }

    /// With gradient checkpointing, the backward pass does the forward pass of each layer again: a third more work, and of
    /// each layer only its input is kept (Chen et al., "Training deep nets with sublinear memory cost", 2016).
    pub fn with_checkpoints(self, checkpoints: bool) -> Encoder {
        Encoder { checkpoints, ..self }
    }

    /// Sets how exactly it multiplies in prediction. Only the CPU has other precisions than single; elsewhere nothing
    /// changes.
    #[cfg_attr(not(feature = "flex"), expect(unused_variables, reason = "no other build has kernels"))]
    pub fn set_precision(&mut self, precision: Precision) {
        #[cfg(feature = "flex")]
        {
            self.packed = PackedLayers::new(precision);
        }
    }

    /// The sizes and constants.
    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// The device that it is on.
    pub fn device(&self) -> Device {
        self.embeddings.norm.gain.val().device().inner()
    }

    /// Encodes windows of pieces, which stand one after the other in `ids`: `[pieces, width]`. No window is longer than
    /// the table of positions, and no id beyond the table of pieces.
    ///
    /// Returns the output of the last layer, or with `all_layers` the embeddings and the outputs of all layers.
    pub fn forward(&self, ids: &[u32], lengths: &[usize], pass: Pass, all_layers: bool) -> Vec<Tensor<2>> {
        debug_assert_eq!(ids.len(), lengths.iter().sum::<usize>(), "windows hold all pieces");
        #[cfg(feature = "flex")]
        if pass == Pass::Predict
            && let Some(outputs) = self.predict(ids, lengths, all_layers)
        {
            return outputs;
        }
        let positions = positions(ids, lengths, &self.config);
        let (seed, hidden_rate, attention_rate) = match pass {
            Pass::Predict => (0, 0.0, 0.0),
            Pass::Train { seed } => (seed, self.config.hidden_dropout, self.config.attention_dropout),
        };
        let dropout = Dropout::new(layer_seed(seed, 0), hidden_rate);
        let fixes_padding = self.origin == Origin::HuggingFace;
        let mut x = self.embeddings.forward(ids, &positions, &self.config, fixes_padding, dropout);
        let mut outputs = Vec::new();
        for (place, layer) in self.order().enumerate() {
            let seed = layer_seed(seed, place + 1);
            let is_hugging_face = self.origin == Origin::HuggingFace;
            // DistilBERT's and ALBERT's modules leave one of the two out (transformers, modeling_distilbert.py and
            // modeling_albert.py); curated transformers have no such difference.
            let drops = |family| !(is_hugging_face && self.config.family == family);
            let hidden = Dropout::new(seed, hidden_rate);
            let dropout = LayerDropout {
                attention: Dropout::new(seed, attention_rate),
                attention_output: hidden.filter(|_| drops(Family::DistilBert)),
                output: hidden.filter(|_| drops(Family::Albert)),
                of_context: !is_hugging_face,
            };
            if all_layers {
                outputs.push(x.clone());
            }
            x = self.layer(&self.layers[layer], x, lengths, dropout);
        }
        outputs.push(x);
        outputs
    }

    fn layer(
        &self,
        layer: &EncoderLayer,
        x: Tensor<2>,
        lengths: &[usize],
        dropout: LayerDropout,
    ) -> Tensor<2> {
        let (weights, shape) = (layer.tensors(), shape(&self.config));
        #[cfg(feature = "flex")]
        if operations::is_available(&x.device()) {
            let windows = Windows::new(lengths);
            let call = operations::Call { shape, windows, dropout, checkpoints: self.checkpoints };
            return operations::layer(x, weights, call);
        }
        layer::compose(x, weights, &shape, lengths, &dropout)
    }

    /// The layers that a piece goes through by their places among those with weights of their own.
    pub(crate) fn order(&self) -> impl Iterator<Item = usize> + use<> {
        let EncoderConfig { n_layers, n_groups, layers_per_group, .. } = self.config;
        let groups = (0..n_layers).map(move |layer| layer * n_groups / n_layers);
        groups.flat_map(move |group| group * layers_per_group..(group + 1) * layers_per_group)
    }

    #[cfg(feature = "flex")]
    pub(crate) fn embeddings(&self) -> &Embeddings {
        &self.embeddings
    }

    /// The layers with weights of their own, as kernels read them.
    #[cfg(feature = "flex")]
    pub(crate) fn packed_layers(&self) -> &[PackedLayer] {
        self.packed.of(&self.layers)
    }

    /// All weights with their names, in the order of [`weights_mut`](Encoder::weights_mut).
    pub fn weights(&self, names: &EncoderNames) -> Vec<(String, Weight<'_>)> {
        let mut named = Vec::new();
        let Embeddings { words, positions, types, norm, projection } = &self.embeddings;
        named.push((names.word_embeddings.to_owned(), Weight::Table(words)));
        named.push((names.position_embeddings.to_owned(), Weight::Matrix(positions)));
        if let (Some(types), Some(name)) = (types, names.token_type_embeddings) {
            named.push((name.to_owned(), Weight::Matrix(types)));
        }
        push_norm(&mut named, names.embeddings_norm, norm);
        if let (Some(projection), Some(name)) = (projection, names.projection) {
            push_linear(&mut named, name, projection);
        }
        for (layer, names) in self.layers.iter().zip(&names.layers) {
            let LayerNames { attention_input, .. } = names;
            let inputs: Vec<&str> = match attention_input {
                AttentionInput::Apart(names) => names.iter().map(String::as_str).collect(),
                AttentionInput::Stacked(name) => vec![name],
            };
            debug_assert_eq!(inputs.len(), layer.attention_input.len(), "the names are of the same origin");
            for (linear, name) in layer.attention_input.iter().zip(inputs) {
                push_linear(&mut named, name, linear);
            }
            push_linear(&mut named, &names.attention_output, &layer.attention_output);
            push_norm(&mut named, &names.attention_norm, &layer.attention_norm);
            push_linear(&mut named, &names.intermediate, &layer.intermediate);
            push_linear(&mut named, &names.output, &layer.output);
            push_norm(&mut named, &names.output_norm, &layer.output_norm);
        }
        named
    }

    /// All weights. They may change once they are handed out.
    pub fn weights_mut(&mut self) -> Vec<WeightMut<'_>> {
        self.forget();
        let mut weights = Vec::new();
        let Embeddings { words, positions, types, norm, projection } = &mut self.embeddings;
        weights.push(WeightMut::Table(words));
        weights.push(WeightMut::Matrix(positions));
        weights.extend(types.as_mut().map(WeightMut::Matrix));
        weights.extend(norm_weights(norm));
        weights.extend(projection.as_mut().into_iter().flat_map(linear_weights));
        for layer in &mut self.layers {
            weights.extend(layer.attention_input.iter_mut().flat_map(linear_weights));
            weights.extend(linear_weights(&mut layer.attention_output));
            weights.extend(norm_weights(&mut layer.attention_norm));
            weights.extend(linear_weights(&mut layer.intermediate));
            weights.extend(linear_weights(&mut layer.output));
            weights.extend(norm_weights(&mut layer.output_norm));
        }
        weights
    }

    /// How many groups of layers a weight has below it, in the order of [`weights_mut`](Encoder::weights_mut): 0 for the
    /// embeddings, 1 for the first layer.
    pub fn depths(&self) -> Vec<usize> {
        let Embeddings { types, projection, .. } = &self.embeddings;
        let n_embeddings = 4 + usize::from(types.is_some()) + 2 * usize::from(projection.is_some());
        let mut depths = vec![0; n_embeddings];
        for (place, layer) in self.layers.iter().enumerate() {
            depths.extend(std::iter::repeat_n(place + 1, 2 * layer.attention_input.len() + 10));
        }
        depths
    }

    /// The table of pieces.
    pub fn words_mut(&mut self) -> &mut Table {
        self.forget();
        &mut self.embeddings.words
    }

    fn forget(&mut self) {
        #[cfg(feature = "flex")]
        {
            self.packed.forget();
        }
    }
}

/// The sizes and constants of each layer.
pub(crate) fn shape(config: &EncoderConfig) -> Shape {
    Shape {
        width: config.hidden_size,
        n_heads: config.n_heads,
        inner: config.intermediate_size,
        activation: config.activation,
        epsilon: config.layer_norm_eps as f32,
    }
}

fn push_linear<'a>(named: &mut Vec<(String, Weight<'a>)>, name: &str, linear: &'a Linear) {
    named.push((format!("{name}.weight"), Weight::Matrix(&linear.weight)));
    named.push((format!("{name}.bias"), Weight::Vector(&linear.bias)));
}

fn push_norm<'a>(named: &mut Vec<(String, Weight<'a>)>, name: &str, norm: &'a LayerNorm) {
    named.push((format!("{name}.weight"), Weight::Vector(&norm.gain)));
    named.push((format!("{name}.bias"), Weight::Vector(&norm.bias)));
}

fn linear_weights(linear: &mut Linear) -> [WeightMut<'_>; 2] {
    [WeightMut::Matrix(&mut linear.weight), WeightMut::Vector(&mut linear.bias)]
}

fn norm_weights(norm: &mut LayerNorm) -> [WeightMut<'_>; 2] {
    [WeightMut::Vector(&mut norm.gain), WeightMut::Vector(&mut norm.bias)]
}
