//! Augmenters: training examples with small changes, so that a model does not rely on case, on one form of quotes
//! and dashes, on neat white space, on words without errors, on words that
//! it has seen, or on the exact ends of entities.
//!
//! They draw from Python's generator, spaCy's in its order, so a seed gives the same examples.

mod annotation;
mod combined;
mod entity_boundaries;
mod letters;
mod lower_case;
mod noise;
mod orth_variants;
mod other_words;
mod unseen_words;
mod whitespace;
mod word_noise;

use ner_config::{Builder, ConfigError};
use ner_cpython::PythonRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

pub(crate) use combined::combined;
pub use combined::{CombinedAugmenter, CombinedConfig};
pub(crate) use entity_boundaries::entity_boundaries;
pub use entity_boundaries::{EntityBoundariesAugmenter, EntityBoundariesConfig};
pub(crate) use lower_case::lower_case;
pub use lower_case::{LowerCaseAugmenter, LowerCaseConfig};
pub(crate) use noise::noise;
pub use noise::{NoiseAugmenter, NoiseConfig};
pub(crate) use orth_variants::orth_variants;
pub use orth_variants::{
    OrthVariants, OrthVariantsAugmenter, OrthVariantsConfig, PairedVariants, SingleVariants,
};
pub(crate) use unseen_words::unseen_words;
pub use unseen_words::{UnseenWordsAugmenter, UnseenWordsConfig};

use crate::AugmentError;

/// Makes one example of another, or leaves it as it is.
pub trait Augmenter: Send + Sync {
    /// The augmenter to use in place of this one on a corpus of these examples, if it depends on all of them. They are read
    /// from the files as they are taken, and come a second time to be changed.
    fn fitted(&self, _examples: &mut dyn Iterator<Item = Example>) -> Option<Box<dyn Augmenter>> {
        None
    }

    /// The example to train on instead. The tokenizer splits the changed text anew.
    fn augment(
        &self,
        example: Example,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError>;
}

/// A share, as it stands in a block under `key`.
fn check_level(key: &str, level: f64, builder: &Builder) -> Result<f64, ConfigError> {
    // spaCy: its own augmenters take any number here, and so do ours of its names.
    if (0.0..=1.0).contains(&level) {
        Ok(level)
    } else {
        Err(builder.invalid(key, format!("expected a share from 0 to 1, found {level}")))
    }
}
