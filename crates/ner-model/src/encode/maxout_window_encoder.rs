use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::window_recipe::{Version, WindowKind, WindowRecipe};

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

/// `spacy.MaxoutWindowEncoder.v2` and `.v1`
pub(crate) fn maxout_window_encoder(
    config: MaxoutWindowEncoderConfig,
    version: Version,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    let MaxoutWindowEncoderConfig { width, window_size, maxout_pieces, depth } = config;
    let kind = WindowKind::Maxout(maxout_pieces);
    WindowRecipe { width, window_size, depth, kind, version }.checked(builder)
}
