use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

/// The tokenizer of spaCy's rules, those of the pipeline's language or of its file `tokenizer`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleTokenizer {}

/// `spacy.Tokenizer.v1`
pub(crate) fn tokenizer(config: RuleTokenizer, _: &Builder<'_>) -> Result<RuleTokenizer, ConfigError> {
    Ok(config)
}

/// The vocabulary's table of static vectors.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VectorTable {}

/// `spacy.Vectors.v1`
pub(crate) fn vectors(config: VectorTable, _: &Builder<'_>) -> Result<VectorTable, ConfigError> {
    Ok(config)
}
