//! How documents are cut before an encoder reads them, and what is made of its output beside vectors.

use ner_config::{Builder, ConfigError};
use ner_pieces::SpanGetter;
use schemars::JsonSchema;
use serde::Deserialize;

/// Windows of tokens that overlap.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StridedSpansConfig {
    /// Tokens of a window.
    window: usize,
    /// Tokens from the beginning of a window to that of the next.
    stride: usize,
}

/// No settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoConfig {}

/// What an annotation setter keeps of an encoder's output beside vectors: nothing.
#[derive(Clone, Copy, Debug)]
pub struct ExtraAnnotations;

/// `spacy-transformers.strided_spans.v1`
pub(super) fn strided_spans(
    config: StridedSpansConfig,
    builder: &Builder<'_>,
) -> Result<SpanGetter, ConfigError> {
    SpanGetter::strided(config.window, config.stride)
        .map_err(|error| builder.invalid("stride", error.to_string()))
}
