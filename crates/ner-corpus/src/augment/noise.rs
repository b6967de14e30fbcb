use ner_config::{Builder, ConfigError};
use ner_cpython::{PythonRandom, is_space};
use ner_doc::{Example, Token};
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::other_words::with_other_words;
use super::word_noise::{other_case, typo, with_confusion};
use super::{Augmenter, check_level};
use crate::AugmentError;

/// Words with the errors of keyboards, of careless writers and of scanners.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoiseConfig {
    /// The share of words in which a letter is doubled, left out, swapped with the next one, or hit beside its key.
    #[serde(default)]
    pub typo_level: f64,
    /// The share of words that are put in lower case, in upper case, or in title case.
    #[serde(default)]
    pub case_level: f64,
    /// The share of words in which a scanner takes letters for others of the same shape, such as `m` for `rn`.
    #[serde(default)]
    pub ocr_level: f64,
}

/// Changes words, and leaves their number and all annotation as they are.
#[derive(Clone, Debug)]
pub struct NoiseAugmenter {
    /// The share of words with a typing error.
    pub typo_level: f64,
    /// The share of words in another case.
    pub case_level: f64,
    /// The share of words with letters taken for others.
    pub ocr_level: f64,
}

pub(crate) fn noise(config: NoiseConfig, builder: &Builder) -> Result<Box<dyn Augmenter>, ConfigError> {
    Ok(Box::new(NoiseAugmenter {
        typo_level: check_level("typo_level", config.typo_level, builder)?,
        case_level: check_level("case_level", config.case_level, builder)?,
        ocr_level: check_level("ocr_level", config.ocr_level, builder)?,
    }))
}

impl Augmenter for NoiseAugmenter {
    fn augment(
        &self,
        example: Example,
        _: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        let noisy =
            |token: &Token| (!token.text().contains(is_space)).then(|| self.noisy(token.text(), random));
        Ok(with_other_words(example, noisy)?)
    }
}

/// Makes another word of a word, or `None` of one that offers no place for it.
type Change = fn(&str, &mut PythonRandom) -> Option<String>;

impl NoiseAugmenter {
    /// The word after all that happens to it.
    fn noisy(&self, word: &str, random: &mut PythonRandom) -> String {
        let mut word = word.to_owned();
        // In the order in which the errors come about: a writer chooses the case, a hand slips, a page is scanned.
        let steps: [(f64, Change); 3] =
            [(self.case_level, other_case), (self.typo_level, typo), (self.ocr_level, with_confusion)];
        for (level, change) in steps {
            if random.random() < level {
                word = change(&word, random).unwrap_or(word);
            }
        }
        word
    }
}
