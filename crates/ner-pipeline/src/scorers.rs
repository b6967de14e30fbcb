//! Measures of predictions that configs name.

use ner_config::{Builder, ConfigError};
use ner_scorer::{EntityScorer, Scorer, SentenceScorer};
use schemars::JsonSchema;
use serde::Deserialize;

/// Exact match of sentences.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentenceScorerConfig {}

/// `spacy.senter_scorer.v1`
pub(crate) fn senter_scorer(
    _: SentenceScorerConfig,
    _: &Builder<'_>,
) -> Result<Box<dyn Scorer>, ConfigError> {
    Ok(Box::new(SentenceScorer))
}

/// Exact match of entities.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntityScorerConfig {}

/// `spacy.ner_scorer.v1`
pub(crate) fn ner_scorer(_: EntityScorerConfig, _: &Builder<'_>) -> Result<Box<dyn Scorer>, ConfigError> {
    Ok(Box::new(EntityScorer))
}
