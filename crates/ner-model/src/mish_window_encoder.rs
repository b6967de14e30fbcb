use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::window_encoder::{Version, WindowKind, WindowRecipe};

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

impl MishWindowEncoderConfig {
    fn recipe(self, version: Version) -> WindowRecipe {
        let MishWindowEncoderConfig { width, window_size, depth } = self;
        WindowRecipe { width, window_size, depth, kind: WindowKind::Mish, version }
    }
}

/// `spacy.MishWindowEncoder.v2`
pub(crate) fn mish_window_encoder(
    config: MishWindowEncoderConfig,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    config.recipe(Version::Two).checked(builder)
}

/// `spacy.MishWindowEncoder.v1`
pub(crate) fn mish_window_encoder_v1(
    config: MishWindowEncoderConfig,
    builder: &Builder<'_>,
) -> Result<WindowRecipe, ConfigError> {
    config.recipe(Version::One).checked(builder)
}
