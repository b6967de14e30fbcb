use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::TokenSource;

/// Token vectors that another component of the pipeline has worked out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tok2VecListener {
    /// Length of the vectors.
    pub width: usize,
    /// Name of the component, `*` for the nearest one before.
    #[serde(default = "any_upstream")]
    pub upstream: String,
}

fn any_upstream() -> String {
    "*".to_owned()
}

/// `spacy.Tok2VecListener.v1`
pub(crate) fn tok2vec_listener(config: Tok2VecListener, _: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    Ok(TokenSource::Listener(config))
}
