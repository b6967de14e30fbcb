//! How documents are cut before an encoder reads them, and what is made of its output beside vectors.

use ner_config::{Builder, ConfigError, Kind, Registry};
use ner_pieces::SpanGetter;
use schemars::JsonSchema;
use serde::Deserialize;

/// Windows of tokens that overlap.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StridedSpansConfig {
    /// Tokens of a window.
    window: usize,
    /// Tokens from the beginning of a window to that of the next.
    stride: usize,
}

/// No settings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoConfig {}

/// What an annotation setter keeps of an encoder's output beside vectors: nothing.
#[derive(Clone, Copy, Debug)]
pub struct ExtraAnnotations;

/// The setter that a `transformer` has unless the config says otherwise.
const NO_ANNOTATIONS: &str = "spacy-transformers.null_annotation_setter.v1";

/// The spans that a `transformer` has unless the config says otherwise.
const STRIDED_SPANS: &str = "spacy-transformers.strided_spans.v1";

/// Registers the span getters and the annotation setter of spacy-transformers.
pub(crate) fn register(registry: &mut Registry) {
    let doc = |_: NoConfig, _: &Builder<'_>| -> Result<SpanGetter, ConfigError> { Ok(SpanGetter::Doc) };
    let sent = |_: NoConfig, _: &Builder<'_>| -> Result<SpanGetter, ConfigError> { Ok(SpanGetter::Sent) };
    let none =
        |_: NoConfig, _: &Builder<'_>| -> Result<ExtraAnnotations, ConfigError> { Ok(ExtraAnnotations) };
    registry
        .add(Kind::SpanGetters, STRIDED_SPANS, strided_spans)
        .add(Kind::SpanGetters, "spacy-transformers.doc_spans.v1", doc)
        .add(Kind::SpanGetters, "spacy-transformers.sent_spans.v1", sent)
        .add(Kind::AnnotationSetters, NO_ANNOTATIONS, none);
}

fn strided_spans(config: StridedSpansConfig, builder: &Builder<'_>) -> Result<SpanGetter, ConfigError> {
    SpanGetter::strided(config.window, config.stride)
        .map_err(|error| builder.invalid("stride", error.to_string()))
}
