use ner_config::{Block, Builder, ConfigError, Kind};
use ner_cpython::{PythonRandom, lower};
use ner_doc::{Annotation, Example};
use ner_tokenizer::Tokenizer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Augmenter;
use super::annotation::{annotation, example, text};
use crate::AugmentError;

/// Texts with other forms of punctuation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrthVariantsConfig {
    /// The share of texts that are changed.
    pub level: f64,
    /// The share of changed texts that are put in lower case too.
    pub lower: f64,
    /// The forms: [`OrthVariants`], or a reader of such a file.
    pub orth_variants: Block,
}

/// Forms that stand for each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrthVariants {
    /// Forms of single tokens.
    #[serde(default)]
    pub single: Vec<SingleVariants>,
    /// Forms of tokens that come in pairs, such as quotes.
    #[serde(default)]
    pub paired: Vec<PairedVariants>,
}

/// Forms of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SingleVariants {
    /// The fine-grained parts of speech of such tokens.
    pub tags: Vec<String>,
    /// The forms.
    pub variants: Vec<String>,
}

/// Forms of an opening and a closing token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairedVariants {
    /// The fine-grained parts of speech of such tokens; of two, the first opens.
    pub tags: Vec<String>,
    /// The forms, opening and closing.
    pub variants: Vec<[String; 2]>,
}

/// Replaces punctuation by other forms of it.
#[derive(Clone, Debug)]
pub struct OrthVariantsAugmenter {
    /// The share of texts that are changed.
    pub level: f64,
    /// The share of changed texts that are put in lower case too.
    pub lower: f64,
    /// The forms.
    pub orth_variants: OrthVariants,
}

pub(crate) fn orth_variants(
    config: OrthVariantsConfig,
    builder: &Builder,
) -> Result<Box<dyn Augmenter>, ConfigError> {
    let orth_variants = read(&config.orth_variants, builder)?;
    Ok(Box::new(OrthVariantsAugmenter { level: config.level, lower: config.lower, orth_variants }))
}

/// The forms that a block holds, or those in the file that it names a reader of.
pub(super) fn read(block: &Block, builder: &Builder) -> Result<OrthVariants, ConfigError> {
    let variants: OrthVariants = match block.named() {
        None => block.read()?,
        Some(_) => {
            let value: serde_json::Value = builder.build(Kind::Readers, block)?;
            serde_json::from_value(value)
                .map_err(|error| builder.invalid("orth_variants", error.to_string()))?
        }
    };
    let is_empty = variants.single.iter().any(|rule| rule.variants.is_empty())
        || variants.paired.iter().any(|rule| rule.variants.is_empty());
    if is_empty {
        return Err(
            builder.invalid("orth_variants", "a rule has no variants to choose from; name at least one")
        );
    }
    Ok(variants)
}

impl Augmenter for OrthVariantsAugmenter {
    fn augment(
        &self,
        original: Example,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        if random.random() >= self.level {
            return Ok(original);
        }
        let is_lower = random.random() < self.lower;
        self.orth_variants.variant(&original, is_lower, tokenizer, random)
    }
}

impl OrthVariants {
    /// Whether there is no form at all.
    pub(super) fn is_empty(&self) -> bool {
        self.single.is_empty() && self.paired.is_empty()
    }

    pub(super) fn variant(
        &self,
        original: &Example,
        is_lower: bool,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        let mut annotation = annotation(&original.reference)?;
        if annotation.words.iter().flatten().next().is_none() {
            return example(&original.predicted.text(), &annotation, tokenizer);
        }
        if is_lower {
            annotation.words.iter_mut().flatten().for_each(|word| *word = lower(word).into_owned());
        }
        self.replace_single(&mut annotation, random);
        self.replace_paired(&mut annotation, random);
        example(&text(&annotation), &annotation, tokenizer)
    }

    /// Puts in the forms of single tokens. Each rule has one form for the whole text.
    fn replace_single(&self, annotation: &mut Annotation, random: &mut PythonRandom) {
        // Drawn for all rules before any token is looked at: the number of draws must not depend on the text.
        let choices: Vec<_> = self.single.iter().map(|rule| random.choice(&rule.variants)).collect();
        for (word, tag) in tagged_words(annotation) {
            for (rule, choice) in self.single.iter().zip(&choices) {
                if let Some(choice) = choice
                    && rule.tags.contains(tag)
                    && rule.variants.contains(word)
                {
                    word.clone_from(choice);
                }
            }
        }
    }

    /// Puts in the forms of pairs, of which each rule has one too.
    fn replace_paired(&self, annotation: &mut Annotation, random: &mut PythonRandom) {
        let choices: Vec<_> = self.paired.iter().map(|rule| random.choice(&rule.variants)).collect();
        for (word, tag) in tagged_words(annotation) {
            for (rule, choice) in self.paired.iter().zip(&choices) {
                if let Some(choice) = choice
                    && rule.tags.contains(tag)
                    && rule.variants.iter().any(|pair| pair.contains(word))
                {
                    // spaCy: augment.py draws a side first, even where it is known.
                    let drawn = random.randbelow(2) as usize;
                    word.clone_from(&choice[rule.side(word, tag).unwrap_or(drawn)]);
                }
            }
        }
    }
}

impl PairedVariants {
    /// 0 opens, 1 closes: by the tag if there is one for each side, else by the last pair that has the word.
    fn side(&self, word: &String, tag: &String) -> Option<usize> {
        if self.tags.len() == 2 {
            return self.tags.iter().position(|it| it == tag);
        }
        self.variants.iter().rev().find_map(|pair| pair.iter().position(|side| side == word))
    }
}

fn tagged_words(annotation: &mut Annotation) -> impl Iterator<Item = (&mut String, &String)> {
    annotation.words.iter_mut().flatten().zip(annotation.tags.iter().flatten())
}
