use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::window_encoder::{Version, WindowKind, WindowRecipe};

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

impl MaxoutWindowEncoderConfig {
    fn recipe(self, version: Version) -> WindowRecipe {
        let MaxoutWindowEncoderConfig { width, window_size, maxout_pieces, depth } = self;
        WindowRecipe { width, window_size, depth, kind: WindowKind::Maxout(maxout_pieces), version }
    }
}

/// `spacy.MaxoutWindowEncoder.v2`
pub(crate) fn maxout_window_encoder(
    config: MaxoutWindowEncoderConfig,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    config.recipe(Version::Two).checked(builder)
}

/// `spacy.MaxoutWindowEncoder.v1`
pub(crate) fn maxout_window_encoder_v1(
    config: MaxoutWindowEncoderConfig,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    config.recipe(Version::One).checked(builder)
}
