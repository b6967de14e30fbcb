use ner_doc::Example;

use crate::run::is_set_apart;

/// The share of the documents that is held back.
const SHARE: f64 = 0.2;
/// About how many are held back at most: more do not tell the best step better, and are missed by what is learned.
const MAX_HELD_BACK: f64 = 300.0;

/// Parts the documents into those to learn from, and those to measure by and to stop at the best step: a fifth, or less if
/// there are many. If either side had no entity, which a handful of documents can bring about, all are used for both.
pub(super) fn hold_back(examples: Vec<Example>) -> (Vec<Example>, Vec<Example>, bool) {
    let share = SHARE.min(MAX_HELD_BACK / examples.len() as f64);
    let (dev, train): (Vec<Example>, Vec<Example>) =
        examples.into_iter().partition(|example| is_set_apart(example, share));
    if has_entities(&dev) && has_entities(&train) {
        return (train, dev, true);
    }
    let all: Vec<Example> = train.into_iter().chain(dev).collect();
    (all.clone(), all, false)
}

fn has_entities(examples: &[Example]) -> bool {
    examples.iter().flat_map(|example| &example.reference.tokens).any(|token| !token.ent_type.is_empty())
}
