use ner_config::{Block, Builder, ConfigError};
use ner_cpython::PythonRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Augmenter;
use super::lower_case::lower_case_variant;
use super::orth_variants::{OrthVariants, read};
use super::whitespace::whitespace_variant;
use crate::AugmentError;

/// Lower case, other forms of punctuation and white space, one after the other.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CombinedConfig {
    /// The share of texts that are put in lower case.
    pub lower_level: f64,
    /// The share of texts whose punctuation is changed.
    pub orth_level: f64,
    /// The forms: [`OrthVariants`], or a reader of such a file.
    pub orth_variants: Option<Block>,
    /// The share of texts with more white space.
    pub whitespace_level: f64,
    /// How many tokens of white space a text gets for each of its tokens.
    pub whitespace_per_token: f64,
    /// The tokens of white space to choose from.
    pub whitespace_variants: Option<Vec<String>>,
}

/// Changes case, punctuation and white space.
#[derive(Clone, Debug, Default)]
pub struct CombinedAugmenter {
    /// The share of texts that are put in lower case.
    pub lower_level: f64,
    /// The share of texts whose punctuation is changed.
    pub orth_level: f64,
    /// The forms of punctuation; without any, no punctuation is changed.
    pub orth_variants: OrthVariants,
    /// The share of texts with more white space.
    pub whitespace_level: f64,
    /// How many tokens of white space a text gets for each of its tokens.
    pub whitespace_per_token: f64,
    /// The tokens of white space to choose from; without any, none is added.
    pub whitespace_variants: Vec<String>,
}

pub(crate) fn combined(config: CombinedConfig, builder: &Builder) -> Result<Box<dyn Augmenter>, ConfigError> {
    let orth_variants = config.orth_variants.as_ref().map(|block| read(block, builder)).transpose()?;
    Ok(Box::new(CombinedAugmenter {
        lower_level: config.lower_level,
        orth_level: config.orth_level,
        orth_variants: orth_variants.unwrap_or_default(),
        whitespace_level: config.whitespace_level,
        whitespace_per_token: config.whitespace_per_token,
        whitespace_variants: config.whitespace_variants.unwrap_or_default(),
    }))
}

impl Augmenter for CombinedAugmenter {
    fn augment(
        &self,
        mut example: Example,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        if random.random() < self.lower_level {
            example = lower_case_variant(&example, tokenizer)?;
        }
        // spaCy: without variants nothing is drawn, so that the numbers that follow move up (training/augment.py).
        if !self.orth_variants.is_empty() && random.random() < self.orth_level {
            example = self.orth_variants.variant(&example, false, tokenizer, random)?;
        }
        if !self.whitespace_variants.is_empty() && random.random() < self.whitespace_level {
            // Positions are drawn in the text as it is by then, with the white space inserted before.
            let n_insertions = (example.reference.len() as f64 * self.whitespace_per_token) as usize;
            for _ in 0..n_insertions {
                let Some(whitespace) = random.choice(&self.whitespace_variants) else { break };
                let position = random.randrange(0..example.reference.len() as u64) as usize;
                example = whitespace_variant(example, whitespace, position, tokenizer)?;
            }
        }
        Ok(example)
    }
}
