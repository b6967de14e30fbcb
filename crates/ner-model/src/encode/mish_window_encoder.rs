use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::window_recipe::{Version, WindowKind, WindowRecipe};

/// Convolutions over a window of tokens, with mish, layer normalisation and residual connections.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MishWindowEncoderConfig {
    /// Length of the vectors.
    pub width: usize,
    /// Neighbours on either side that a layer sees.
    pub window_size: usize,
    /// Number of layers.
    pub depth: usize,
}

/// `spacy.MishWindowEncoder.v2` and `.v1`
pub(crate) fn mish_window_encoder(
    config: MishWindowEncoderConfig,
    version: Version,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    let MishWindowEncoderConfig { width, window_size, depth } = config;
    WindowRecipe { width, window_size, depth, kind: WindowKind::Mish, version }.checked(builder)
}
