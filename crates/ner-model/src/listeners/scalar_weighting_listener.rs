use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::{Init, Mode, Reduce};
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::last_transformer_layer_listener::{with_attributes, with_ragged_last_layer};
use super::listener_recipe::{any_upstream, full_gradient};
use super::scalar_weight::{ScalarWeight, ScalarWeightRecipe};
use super::{Listen, ListenerRecipe, SharedKind, SharedRows, pooling};
use crate::{LayerTree, Parameter, TokenSource};

/// Token vectors from the pieces of a component `curated_transformer`, those of all its layers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScalarWeightingListenerConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Makes one row of those of all layers.
    pub weighting: Block,
    /// Makes one vector of the pieces of a token.
    pub pooling: Block,
    /// Name of the component, `*` for the nearest one before.
    #[serde(default = "any_upstream")]
    pub upstream: String,
    /// What the gradient is multiplied by before the transformer learns from it.
    #[serde(default = "full_gradient")]
    pub grad_factor: f64,
}

/// `spacy-curated-transformers.ScalarWeightingListener.v1`
pub(crate) fn scalar_weighting_listener(
    config: ScalarWeightingListenerConfig,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let ScalarWeightingListenerConfig { width, weighting, pooling, upstream, grad_factor } = config;
    let weighting: ScalarWeightRecipe = builder.build(Kind::Architectures, &weighting)?;
    let pooling: Reduce = builder.build(Kind::Layers, &pooling)?;
    let name = upstream.clone();
    let make = move |width: usize, init: &mut Init<'_>| {
        let weighting = ScalarWeight::new(weighting, init);
        let upstream = name.clone();
        Box::new(ScalarWeightingListener { width, weighting, pooling, upstream, grad_factor })
            as Box<dyn Listen>
    };
    let kind = SharedKind::CuratedTransformer { all_layers: true };
    Ok(TokenSource::Listener(ListenerRecipe::new(upstream, Some(width), kind, make)))
}

/// Pools the weighted sum of all layers' pieces of each token.
#[derive(Debug)]
struct ScalarWeightingListener {
    width: usize,
    weighting: ScalarWeight,
    pooling: Reduce,
    upstream: String,
    grad_factor: f64,
}

impl Listen for ScalarWeightingListener {
    fn forward(&self, shared: &SharedRows, mode: &mut Mode<'_>) -> Tensor<2> {
        shared.pool(self.weighting.forward(shared, mode), self.pooling)
    }

    fn grad_factor(&self) -> f32 {
        self.grad_factor as f32
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.weighting.parameters_mut()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let layer = Layer::new("scalar_weighting_listener").dim("nO", self.width);
        let layer = with_attributes(layer, self.grad_factor, &self.upstream, true);
        let pooling = with_ragged_last_layer(pooling::layer(self.pooling));
        layer.layers([self.weighting.layer(tree), pooling]).into()
    }
}
