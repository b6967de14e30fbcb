use ner_config::{Builder, ConfigError};
use ner_tokenizer::TokenizerSource;
use ner_vocab::Vectors;
use schemars::JsonSchema;
use serde::Deserialize;

/// The tokenizer of spaCy's rules, those of the pipeline's language or of its file `tokenizer`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleTokenizerConfig {}

/// `spacy.Tokenizer.v1`
pub(crate) fn tokenizer(_: RuleTokenizerConfig, _: &Builder<'_>) -> Result<TokenizerSource, ConfigError> {
    Ok(TokenizerSource::Rules)
}

/// A table of static vectors without rows. `initialize.vectors` names a pipeline that has some.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VectorsConfig {}

/// `spacy.Vectors.v1`
pub(crate) fn vectors(_: VectorsConfig, _: &Builder<'_>) -> Result<Vectors, ConfigError> {
    Ok(Vectors::default())
}
