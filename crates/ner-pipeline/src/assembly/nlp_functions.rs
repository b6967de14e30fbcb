use std::sync::Arc;

use ner_config::{Builder, ConfigError};
use ner_tokenizer::{Characters, TokenizerSource};
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

/// The tokenizer of Chinese.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChineseTokenizerConfig {
    /// How words are found. The others of spaCy are programs of Python, so that their texts need tokens already.
    #[serde(default)]
    pub segmenter: Segmenter,
}

/// A way to find words in Chinese.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Segmenter {
    /// Each character is a word.
    #[default]
    Char,
    /// By the package jieba.
    Jieba,
    /// By the package spacy-pkuseg.
    Pkuseg,
}

/// `spacy.zh.ChineseTokenizer`
pub(crate) fn chinese_tokenizer(
    config: ChineseTokenizerConfig,
    _: &Builder<'_>,
) -> Result<TokenizerSource, ConfigError> {
    Ok(match config.segmenter {
        Segmenter::Char => TokenizerSource::Splitter(Arc::new(Characters)),
        Segmenter::Jieba => TokenizerSource::Elsewhere("jieba".to_owned()),
        Segmenter::Pkuseg => TokenizerSource::Elsewhere("spacy-pkuseg".to_owned()),
    })
}

/// A table of static vectors without rows. `initialize.vectors` names a pipeline that has some.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VectorsConfig {}

/// `spacy.Vectors.v1`
pub(crate) fn vectors(_: VectorsConfig, _: &Builder<'_>) -> Result<Vectors, ConfigError> {
    Ok(Vectors::default())
}
