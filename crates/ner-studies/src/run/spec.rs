use std::path::Path;

use ner_config::{Document, Kind, Table, Value};
use ner_corpus::PART;
use ner_training::Fingerprint;

/// A run of training and what it is measured by. All of it is in its config, so that `ner train` gives it again.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Its folder within the study's.
    pub(crate) name: String,
    /// The complete config.
    pub(crate) config: Document,
    /// The block of the corpus that the best pipeline is scored on.
    pub(crate) scored: String,
    /// By which the corpora of the study are known again.
    pub(crate) data: [Fingerprint; 2],
    /// Where it stops for now, if that is before its end: at the first evaluation of this step or a later one. It may go on from
    /// its checkpoint.
    pub(crate) steps: Option<usize>,
    /// Whether it is scored by what the halves of dev have chosen, in place of `scored`.
    pub(crate) by_halves: bool,
    /// Whether the predictions on the scored corpus are written.
    pub(crate) keeps_predictions: bool,
}

/// Sets the seed of a run.
pub(crate) fn with_seed(config: &Document, seed: u64) -> Document {
    let mut config = config.clone();
    // A seed is at most 2^32 in spaCy, and was one of these plus a small number.
    let seed = Value::Integer(seed.into());
    config.set("system.seed", seed.clone());
    config.set("training.seed", seed);
    config
}

/// Makes a corpus of a config some of its examples.
pub(crate) fn take_part(config: &mut Document, corpus: &str, numbers: &Path) {
    let whole = config.get(corpus).cloned().unwrap_or(Value::Null);
    config.set(corpus, part(whole, numbers));
}

/// Adds a corpus of some examples of another one, as they are read without changes, and returns the path of its block.
pub(crate) fn add_part(config: &mut Document, corpus: &str, numbers: &Path) -> String {
    let mut whole = config.get(corpus).cloned().unwrap_or(Value::Null);
    if let Some(augmenter) = whole.as_table_mut().and_then(|block| block.get_mut("augmenter")) {
        *augmenter = Value::Null;
    }
    let mut path = "corpora.scored".to_owned();
    while config.get(&path).is_some() {
        path.push('_');
    }
    config.set(&path, part(whole, numbers));
    path
}

fn part(whole: Value, numbers: &Path) -> Table {
    Table::from_iter([
        (Kind::Readers.key().to_owned(), PART.into()),
        ("corpus".to_owned(), whole),
        ("path".to_owned(), numbers.display().to_string().into()),
    ])
}
