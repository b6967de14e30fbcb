//! Augmenters: training examples with small changes, so that a model does not rely on case, on one form of quotes
//! and dashes, or on neat white space.
//!
//! They draw from Python's generator in spaCy's order, so a seed gives the same examples.

mod annotation;
mod combined;
mod lower_case;
mod orth_variants;
mod whitespace;

use ner_cpython::PythonRandom;
use ner_doc::Example;
use ner_tokenizer::Tokenizer;

pub(crate) use combined::combined;
pub use combined::{CombinedAugmenter, CombinedConfig};
pub(crate) use lower_case::lower_case;
pub use lower_case::{LowerCaseAugmenter, LowerCaseConfig};
pub(crate) use orth_variants::orth_variants;
pub use orth_variants::{
    OrthVariants, OrthVariantsAugmenter, OrthVariantsConfig, PairedVariants, SingleVariants,
};

use crate::AugmentError;

/// Makes one example of another, or leaves it as it is.
pub trait Augmenter: Send + Sync {
    /// The example to train on instead. The tokenizer splits the changed text anew.
    fn augment(
        &self,
        example: Example,
        tokenizer: &Tokenizer,
        random: &mut PythonRandom,
    ) -> Result<Example, AugmentError>;
}
