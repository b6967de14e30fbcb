use std::collections::BTreeMap;
use std::sync::Arc;

use burn::module::{Param, ParamId};
use burn::tensor::activation::softmax;
use burn::tensor::{Tensor, TensorData};
use ner_config::{Builder, ConfigError, Value};
use ner_layers::{Init, Mode};
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::SharedRows;
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::{LayerTree, Parameter};

/// A weighted sum of the layers of a transformer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScalarWeightConfig {
    /// Layers of the transformer above its embeddings.
    pub num_layers: usize,
    /// How often a layer is left out in training, as a share.
    #[serde(default = "dropout_prob")]
    pub dropout_prob: f64,
    /// Calculation in half precision where a GPU trains with PyTorch; without a meaning here.
    #[serde(default)]
    #[expect(dead_code, reason = "configs of spaCy have it")]
    pub mixed_precision: bool,
    /// Settings of PyTorch for that; without a meaning here.
    #[serde(default)]
    #[expect(dead_code, reason = "configs of spaCy have it")]
    pub grad_scaler_config: BTreeMap<String, Value>,
}

fn dropout_prob() -> f64 {
    0.1
}

/// What is needed to make a [`ScalarWeight`]: all but the weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScalarWeightRecipe {
    /// Layers that are shared, that of the embeddings included.
    pub(super) n_layers: usize,
    dropout: f64,
}

/// `spacy-curated-transformers.ScalarWeight.v1`
pub(crate) fn scalar_weight(
    config: ScalarWeightConfig,
    builder: &Builder<'_>,
) -> Result<ScalarWeightRecipe, ConfigError> {
    check_at_least_one(builder, &[("num_layers", config.num_layers)])?;
    let n_layers = config.num_layers.saturating_add(1);
    check_weights(builder, "num_layers", &[n_layers])?;
    if !(0.0..1.0).contains(&config.dropout_prob) {
        let message = format!("expected at least 0 and less than 1, found {}", config.dropout_prob);
        return Err(builder.invalid("dropout_prob", message));
    }
    Ok(ScalarWeightRecipe { n_layers, dropout: config.dropout_prob })
}

/// The sum of the layers of a transformer by weights that are learned.
#[derive(Debug)]
pub(super) struct ScalarWeight {
    /// `[layers]`, before the softmax
    layer_weights: Param<Tensor<1>>,
    /// `[1]`
    scale: Param<Tensor<1>>,
    dropout: f64,
}

/// What is added to the weight of a layer that is left out.
const LEFT_OUT: f32 = -10_000.0;

impl ScalarWeight {
    /// The sum in which all layers count the same. Nothing is drawn for it.
    pub(super) fn new(recipe: ScalarWeightRecipe, init: &Init<'_>) -> ScalarWeight {
        let device = init.device();
        let parameter = |tensor| Param::initialized(ParamId::new(), tensor);
        ScalarWeight {
            layer_weights: parameter(Tensor::zeros([recipe.n_layers], device)),
            scale: parameter(Tensor::ones([1], device)),
            dropout: recipe.dropout,
        }
    }

    /// The weighted sum of all shared layers, `[rows, width]`.
    pub(super) fn forward(&self, shared: &SharedRows, mode: &mut Mode<'_>) -> Tensor<2> {
        let weights = match self.left_out(mode) {
            Some(left_out) => self.layer_weights.val() + left_out,
            None => self.layer_weights.val(),
        };
        let shares = softmax(weights, 0) * self.scale.val();
        let layers = shared
            .layers
            .iter()
            .enumerate()
            .map(|(index, layer)| layer.clone() * shares.clone().narrow(0, index, 1).reshape([1, 1]));
        layers.reduce(|sum, layer| sum + layer).expect("a network has a last layer")
    }

    /// What is added to the weights of the layers in training.
    fn left_out(&self, mode: &mut Mode<'_>) -> Option<Tensor<1>> {
        let Mode::Train { seeds, .. } = mode else { return None };
        let n_layers = self.layer_weights.dims()[0];
        // The upper 53 bits as a share of 1.
        let mut share = || (seeds.draw() >> 11) as f64 / (1_u64 << 53) as f64;
        let added: Vec<f32> =
            (0..n_layers).map(|_| if share() < self.dropout { LEFT_OUT } else { 0.0 }).collect();
        Some(Tensor::from_data(TensorData::new(added, [n_layers]), &self.scale.val().device()))
    }

    pub(super) fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        vec![&mut self.layer_weights, &mut self.scale]
    }

    pub(super) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let layer = Layer::new("pytorch").dim("nI", None).dim("nO", None);
        let parameters: [(String, &dyn Parameter); 2] =
            [("layer_weights".to_owned(), &self.layer_weights), ("scale".to_owned(), &self.scale)];
        tree.torch_leaf(layer, &parameters)
    }
}
