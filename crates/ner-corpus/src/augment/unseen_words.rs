use std::collections::HashMap;

use ner_config::{Builder, ConfigError};
use ner_cpython::PythonRandom;
use ner_doc::{Example, Token};
use ner_tokenizer::Tokenizer;
use ner_vocab::{StringId, Vocab};
use schemars::JsonSchema;
use serde::Deserialize;

use super::letters::Letters;
use super::other_words::with_other_words;
use super::{Augmenter, check_level};
use crate::AugmentError;

/// The letters at the end that an invented word keeps: those of the feature SUFFIX.
const N_SUFFIX: usize = 3;

/// The letter at the begin, the feature PREFIX.
const N_PREFIX: usize = 1;

/// How often a word is invented before one that the corpus does not have is given up. Of words with one free letter one in
/// two or three draws is a known word, so that 8 fail less than once in a hundred words.
const N_TRIES: usize = 8;

/// Rare words in the place of which stand words that nobody has seen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnseenWordsConfig {
    /// What the probability of a word to be replaced, 1 / (1 + its count in the corpus), is multiplied with.
    #[serde(default = "one")]
    pub level: f64,
    /// The length in characters from which on words are replaced.
    #[serde(default = "five")]
    pub min_length: usize,
}

fn one() -> f64 {
    1.0
}

fn five() -> usize {
    N_PREFIX + N_SUFFIX + 1
}

/// Teaches what to make of words that training has not seen, of which texts are full, while the vectors of those that it
/// has seen are learned from the words themselves.
///
/// An invented word has the first letter, the last three, the length and the case of the word, and other letters in
/// between, so that it tells the network what an unseen word would: nothing but that. A word that occurs once in training
/// is as good as unseen; of one that occurs a thousand times the network may well rely on its vector. Hence 1 / (1 + count),
/// the estimate that a word like it has not been seen (word dropout by frequency: Kiperwasser and
/// Goldberg, 2016, with a constant of 0.25 in the place of 1).
#[derive(Clone, Debug)]
pub struct UnseenWordsAugmenter {
    /// What the probability of each word is multiplied with.
    level: f64,
    /// In characters.
    min_length: usize,
    /// How often each norm occurs in the corpus: norms are what the network embeds.
    counts: HashMap<StringId, u32>,
    /// Those that stand where words are changed.
    letters: Letters,
}

pub(crate) fn unseen_words(
    config: UnseenWordsConfig,
    builder: &Builder,
) -> Result<Box<dyn Augmenter>, ConfigError> {
    let UnseenWordsConfig { level, min_length } = config;
    let level = check_level("level", level, builder)?;
    if min_length < five() {
        let message = format!(
            "found {min_length}, expected at least {}: the first letter and the last {N_SUFFIX} stay as they are",
            five()
        );
        return Err(builder.invalid("min_length", message));
    }
    Ok(Box::new(UnseenWordsAugmenter::new(level, min_length)))
}

impl UnseenWordsAugmenter {
    /// It changes nothing until it is [fitted](Augmenter::fitted) to a corpus.
    pub fn new(level: f64, min_length: usize) -> UnseenWordsAugmenter {
        UnseenWordsAugmenter { level, min_length, counts: HashMap::new(), letters: Letters::default() }
    }

    fn count(&mut self, token: &Token) {
        *self.counts.entry(token.norm()).or_default() += 1;
        let word: Vec<char> = token.text().chars().collect();
        if word.len() >= self.min_length {
            places(&word).for_each(|place| self.letters.add(word[place]));
        }
    }

    /// Another word in the place of this one, if it is to be replaced and there is another.
    fn other(&self, token: &Token, vocab: &Vocab, random: &mut PythonRandom) -> Option<String> {
        let count = f64::from(*self.counts.get(&token.norm())?);
        let word: Vec<char> = token.text().chars().collect();
        if word.len() < self.min_length || places(&word).next().is_none() {
            return None;
        }
        if random.random() >= self.level / (1.0 + count) {
            return None;
        }
        (0..N_TRIES).find_map(|_| {
            let mut other = word.clone();
            for place in places(&word) {
                other[place] = self.letters.draw_for(word[place], random)?;
            }
            let other: String = other.into_iter().collect();
            let is_unseen = !self.counts.contains_key(&StringId::of(&vocab.norm(&other)));
            is_unseen.then_some(other)
        })
    }
}

/// The places of the letters between prefix and suffix.
fn places(word: &[char]) -> impl Iterator<Item = usize> {
    (N_PREFIX..word.len().saturating_sub(N_SUFFIX)).filter(|&place| word[place].is_alphabetic())
}

impl Augmenter for UnseenWordsAugmenter {
    fn fitted(&self, examples: &mut dyn Iterator<Item = Example>) -> Option<Box<dyn Augmenter>> {
        let mut fitted = UnseenWordsAugmenter::new(self.level, self.min_length);
        for example in examples {
            example.predicted.tokens.iter().for_each(|token| fitted.count(token));
        }
        Some(Box::new(fitted))
    }

    fn augment(
        &self,
        example: Example,
        _: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        let vocab = example.predicted.vocab().clone();
        Ok(with_other_words(example, |token| self.other(token, &vocab, random))?)
    }
}
