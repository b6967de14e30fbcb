//! Readers: from the files that a config names to examples, one after the other.

mod corpus;
mod files;
mod labels;
mod mixed;
mod part;
mod pass;
mod raw_text;
mod sentence;
mod shuffled;
mod unannotated;

use std::collections::BTreeSet;

use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_formats::account::Account;
use ner_tokenizer::Tokenizer;

pub(crate) use corpus::corpus;
pub use corpus::{Corpus, CorpusConfig};
pub use labels::{ReadLabelsConfig, SrslyConfig, read_labels};
pub(crate) use labels::{json, json_lines, labels};
pub(crate) use mixed::mixed;
pub use mixed::{Mixed, MixedConfig};
pub(crate) use part::part;
pub use part::{Part, PartConfig};
pub use raw_text::{JsonlCorpus, JsonlCorpusConfig, PlainTextCorpus, PlainTextCorpusConfig};
pub(crate) use raw_text::{jsonl_corpus, plain_text_corpus};
pub use shuffled::Shuffled;
pub use unannotated::UnannotatedTexts;

use crate::CorpusError;

/// Examples as they are read.
pub type Examples<'a> = Box<dyn Iterator<Item = Result<Example, CorpusError>> + Send + 'a>;

/// A source of examples; the product of a block of `[corpora]`.
pub trait ExampleSource: Send + Sync {
    /// Reads from the start. The tokenizer makes the predicted documents; augmenters draw from `random` at the
    /// moment when an example is taken. An error of one document does not end the examples.
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a>;

    /// The examples as they are before an augmenter changes them; `None` if there is no augmenter.
    fn unvaried<'a>(&'a self, _tokenizer: &'a Tokenizer) -> Option<Examples<'a>> {
        None
    }

    /// Shows augmenters that look at the corpus first the examples with these numbers alone, counted from 0 in the order of
    /// reading. To be called before the first pass. A source that has no such augmenter need not do anything.
    fn fit_to(&mut self, _numbers: &BTreeSet<usize>) {}

    /// The accounts of the files that the last pass has read to their end; none for sources that are no files.
    fn accounts(&self) -> Vec<Account> {
        Vec::new()
    }
}
