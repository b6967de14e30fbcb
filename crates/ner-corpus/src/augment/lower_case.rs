use ner_config::{Builder, ConfigError};
use ner_cpython::{PythonRandom, lower};
use ner_doc::Example;
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Augmenter;
use super::annotation::{annotation, example};
use crate::AugmentError;

/// Texts in lower case.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LowerCaseConfig {
    /// The share of texts that are changed.
    pub level: f64,
}

/// Puts texts in lower case.
#[derive(Clone, Debug)]
pub struct LowerCaseAugmenter {
    /// The share of texts that are changed.
    pub level: f64,
}

pub(crate) fn lower_case(config: LowerCaseConfig, _: &Builder) -> Result<Box<dyn Augmenter>, ConfigError> {
    Ok(Box::new(LowerCaseAugmenter { level: config.level }))
}

impl Augmenter for LowerCaseAugmenter {
    fn augment(
        &self,
        example: Example,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        if random.random() < self.level { lower_case_variant(&example, tokenizer) } else { Ok(example) }
    }
}

pub(super) fn lower_case_variant(original: &Example, tokenizer: &Tokenizer) -> Result<Example, AugmentError> {
    let mut annotation = annotation(&original.reference)?;
    for word in annotation.words.iter_mut().flatten() {
        *word = lower(word).into_owned();
    }
    example(&lower(&original.predicted.text()), &annotation, tokenizer)
}
