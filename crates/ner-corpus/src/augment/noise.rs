use ner_config::{Builder, ConfigError};
use ner_cpython::{PythonRandom, is_space};
use ner_doc::{Doc, Example};
use ner_tokenizer::Tokenizer;
use ner_vocab::StringId;
use schemars::JsonSchema;
use serde::Deserialize;

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
    /// The changed text is not split anew, so that each word is still one token on both sides. Words that are not one
    /// token on both sides to begin with stay as they are.
    fn augment(
        &self,
        mut example: Example,
        _: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        let alignment = example.alignment()?;
        let Example { predicted, reference } = &mut example;
        for index in 0..predicted.len() {
            let &[other] = alignment.x2y.get(index) else { continue };
            let other = other as usize;
            let word = predicted.tokens[index].text().to_owned();
            let is_same = alignment.y2x.get(other).len() == 1 && reference.tokens[other].text() == word;
            if !is_same || word.contains(is_space) {
                continue;
            }
            let noisy = self.noisy(&word, random);
            if noisy != word {
                replace(predicted, index, &noisy);
                replace(reference, other, &noisy);
            }
        }
        Ok(example)
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

fn replace(doc: &mut Doc, index: usize, word: &str) {
    let lexeme = doc.vocab().lexeme(word);
    let token = &mut doc.tokens[index];
    token.lexeme = lexeme;
    // It was the norm of the word as it was, such as "not" of "n't".
    token.own_norm = StringId::EMPTY;
}
