use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::{Init, Mode, Reduce};
use ner_thinc::{Layer, chain};
use schemars::JsonSchema;
use serde::Deserialize;

use super::listener_recipe::{any_upstream, full_gradient};
use super::{Listen, ListenerRecipe, SharedKind, SharedRows, pooling};
use crate::{LayerTree, TokenSource};

/// Token vectors from the pieces of a component `transformer`, as long as its rows are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransformerListenerConfig {
    /// Makes one vector of the pieces of a token.
    pub pooling: Block,
    /// What the gradient is multiplied by before the transformer learns from it.
    #[serde(default = "full_gradient")]
    pub grad_factor: f64,
    /// Name of the component, `*` for the nearest one before.
    #[serde(default = "any_upstream")]
    pub upstream: String,
}

/// `spacy-transformers.TransformerListener.v1`
pub(crate) fn transformer_listener(
    config: TransformerListenerConfig,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let TransformerListenerConfig { pooling, grad_factor, upstream } = config;
    let pooling: Reduce = builder.build(Kind::Layers, &pooling)?;
    let make = move |width: usize, _: &mut Init<'_>| {
        Box::new(TransformerListener { width, pooling, grad_factor }) as Box<dyn Listen>
    };
    Ok(TokenSource::Listener(ListenerRecipe::new(upstream, None, SharedKind::Transformer, make)))
}

/// Pools the pieces of each token.
#[derive(Clone, Copy, Debug)]
struct TransformerListener {
    width: usize,
    pooling: Reduce,
    grad_factor: f64,
}

impl Listen for TransformerListener {
    fn forward(&self, shared: &SharedRows, _: &mut Mode<'_>) -> Tensor<2> {
        shared.pool(shared.last().clone(), self.pooling)
    }

    fn grad_factor(&self) -> f32 {
        self.grad_factor as f32
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        let listener: Arc<Layer> = Layer::new("transformer-listener").dim("nO", self.width).into();
        let arrays = trfs2arrays(self.pooling, self.grad_factor);
        chain([listener.clone(), arrays]).dim("nO", self.width).reference("listener", &listener).into()
    }
}

/// The layer of Thinc that pools pieces, in listeners and in networks that a recogniser has to itself.
pub(crate) fn trfs2arrays(pooling: Reduce, grad_factor: f64) -> Arc<Layer> {
    Layer::new("trfs2arrays").attr("grad_factor", grad_factor).layers([pooling::layer(pooling)]).into()
}
