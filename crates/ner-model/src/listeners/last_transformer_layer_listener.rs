use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::{Init, Mode, Reduce};
use ner_thinc::{Attr, Layer};
use schemars::JsonSchema;
use serde::Deserialize;

use super::listener_recipe::{any_upstream, full_gradient};
use super::{Listen, ListenerRecipe, SharedKind, SharedRows, pooling};
use crate::{LayerTree, TokenSource};

/// Token vectors from the pieces of a component `curated_transformer`, those of its last layer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LastTransformerLayerListenerConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Makes one vector of the pieces of a token.
    pub pooling: Block,
    /// Name of the component, `*` for the nearest one before.
    #[serde(default = "any_upstream")]
    pub upstream: String,
    /// What the gradient is multiplied by before the transformer learns from it.
    #[serde(default = "full_gradient")]
    pub grad_factor: f64,
}

/// `spacy-curated-transformers.LastTransformerLayerListener.v1`
pub(crate) fn last_transformer_layer_listener(
    config: LastTransformerLayerListenerConfig,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let LastTransformerLayerListenerConfig { width, pooling, upstream, grad_factor } = config;
    let pooling: Reduce = builder.build(Kind::Layers, &pooling)?;
    let name = upstream.clone();
    let make = move |width: usize, _: &mut Init<'_>| {
        let upstream = name.clone();
        Box::new(LastTransformerLayerListener { width, pooling, upstream, grad_factor }) as Box<dyn Listen>
    };
    let kind = SharedKind::CuratedTransformer { all_layers: false };
    Ok(TokenSource::Listener(ListenerRecipe::new(upstream, Some(width), kind, make)))
}

/// Pools the pieces of each token.
#[derive(Debug)]
struct LastTransformerLayerListener {
    width: usize,
    pooling: Reduce,
    upstream: String,
    grad_factor: f64,
}

impl Listen for LastTransformerLayerListener {
    fn forward(&self, shared: &SharedRows, _: &mut Mode<'_>) -> Tensor<2> {
        shared.pool(shared.last().clone(), self.pooling)
    }

    fn grad_factor(&self) -> f32 {
        self.grad_factor as f32
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        let pooling = pooling::layer(self.pooling);
        let layer = Layer::new("last_transformer_layer_listener").dim("nO", self.width);
        let layer = with_attributes(layer, self.grad_factor, &self.upstream, false);
        let layer = layer.reference("pooling", &pooling);
        layer.layers([with_ragged_last_layer(pooling)]).into()
    }
}

/// The layer of Thinc that applies a pooling to the pieces.
pub(super) fn with_ragged_last_layer(pooling: Arc<Layer>) -> Arc<Layer> {
    Layer::new("with_ragged_last_layer").layers([pooling]).into()
}

/// What every listener of spacy-curated-transformers notes down.
pub(super) fn with_attributes(
    layer: Layer,
    grad_factor: f64,
    upstream: &str,
    needs_all_layers: bool,
) -> Layer {
    let mut layer = layer
        .attr("grad_factor", grad_factor)
        .attr("_upstream_name", upstream)
        .attr("_TRANSFORMER_LISTENER", true)
        .attr("_USE_DOC_ANNOTATIONS_FOR_PREDICTION", true)
        .attr("_REQUIRES_ALL_LAYER_OUTPUTS", needs_all_layers);
    // spaCy: the state of a batch has its place among the attributes, and is written as no bytes at all
    // (spacy_curated_transformers/models/listeners.py).
    layer.node.attrs.insert("_state".to_owned(), Attr::from_packed(Vec::new()));
    layer
}
