use std::path::PathBuf;

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::callback::{Call, Callback, CopyFromBaseModel};

/// Takes the tokenizer or the vocabulary of a new pipeline from another pipeline.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyFromBaseModelConfig {
    /// The pipeline whose tokenizer is taken, or a file `tokenizer` itself; null: the language's own rules.
    #[serde(default)]
    tokenizer: Option<String>,
    /// The pipeline whose vocabulary is taken: strings, lookup tables and vectors; null: an empty one.
    #[serde(default)]
    vocab: Option<String>,
}

/// `spacy.copy_from_base_model.v1`
pub(crate) fn copy_from_base_model(
    config: CopyFromBaseModelConfig,
    _: &Builder<'_>,
) -> Result<Callback, ConfigError> {
    // spaCy: an empty string is no path, as null is none (training/callbacks.py).
    let path = |path: String| Some(path).filter(|path| !path.is_empty()).map(PathBuf::from);
    Ok(Callback(Call::CopyFromBaseModel(CopyFromBaseModel {
        tokenizer: config.tokenizer.and_then(path),
        vocab: config.vocab.and_then(path),
    })))
}
