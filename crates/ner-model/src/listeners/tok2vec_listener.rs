use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Builder, ConfigError};
use ner_layers::{Init, Mode};
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::listener_recipe::any_upstream;
use super::{Listen, ListenerRecipe, SharedKind, SharedRows};
use crate::{LayerTree, TokenSource};

/// Token vectors that another component of the pipeline has worked out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tok2VecListenerConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Name of the component, `*` for the nearest one before.
    #[serde(default = "any_upstream")]
    pub upstream: String,
}

/// `spacy.Tok2VecListener.v1`
pub(crate) fn tok2vec_listener(
    config: Tok2VecListenerConfig,
    _: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let Tok2VecListenerConfig { width, upstream } = config;
    let make = |width: usize, _: &mut Init<'_>| Box::new(Tok2VecListener { width }) as Box<dyn Listen>;
    Ok(TokenSource::Listener(ListenerRecipe::new(upstream, Some(width), SharedKind::Tok2Vec, make)))
}

/// Takes the vectors of tokens as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tok2VecListener {
    pub(crate) width: usize,
}

impl Listen for Tok2VecListener {
    fn forward(&self, shared: &SharedRows, _: &mut Mode<'_>) -> Tensor<2> {
        shared.last().clone()
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        Layer::new("tok2vec-listener").dim("nO", self.width).into()
    }
}
