use ner_config::{Table, Value};

use super::Component;

/// A component of a kind that is not known here. It does not run; its files, block and labels are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedComponent {
    factory: String,
    upstream: Option<String>,
}

/// What spaCy's other components do, as far as entities depend on it.
const EFFECTS: [(&[&str], Effect); 4] = [
    (&["parser", "beam_parser", "senter"], Effect::Sentences),
    (&["entity_ruler", "future_entity_ruler", "span_ruler"], Effect::Entities),
    (&["merge_entities", "merge_noun_chunks", "merge_subtokens", "token_splitter"], Effect::Tokens),
    (
        &[
            "attribute_ruler",
            "curated_transformer",
            "doc_cleaner",
            "entity_linker",
            "lemmatizer",
            "morphologizer",
            "span_finder",
            "spancat",
            "spancat_singlelabel",
            "tagger",
            "textcat",
            "textcat_multilabel",
            "trainable_lemmatizer",
            "transformer",
        ],
        Effect::None,
    ),
];

#[derive(Clone, Copy)]
enum Effect {
    None,
    Sentences,
    Entities,
    Tokens,
    Unknown,
}

impl SkippedComponent {
    /// The component of a kind `factory` that `block` describes.
    pub(crate) fn new(factory: &str, block: &Table) -> SkippedComponent {
        SkippedComponent { factory: factory.to_owned(), upstream: upstream(block).map(str::to_owned) }
    }

    /// The kind of component that it is.
    pub fn factory(&self) -> &str {
        &self.factory
    }

    /// The component whose vectors it takes, as its listener names it, if it has one.
    pub fn upstream(&self) -> Option<&str> {
        self.upstream.as_deref()
    }

    /// What entities miss without it, in a sentence's end. A recogniser may come after it or not.
    pub(crate) fn effect(&self, comes_before_a_recognizer: bool) -> &'static str {
        let known = EFFECTS.iter().find(|(factories, _)| factories.contains(&self.factory.as_str()));
        match (known.map_or(Effect::Unknown, |(_, effect)| *effect), comes_before_a_recognizer) {
            (Effect::None, _) => "entities do not depend on it",
            (Effect::Sentences, true) => "it would set sentence starts, which entities do not cross",
            (Effect::Sentences, false) => {
                "entities do not depend on it, since all recognisers come before it"
            }
            (Effect::Entities, true) => "it would preset entities, which recognisers keep",
            (Effect::Entities, false) => "it would add entities to those that are found",
            (Effect::Tokens, _) => "it would change the tokens",
            (Effect::Unknown, _) => "it may change entities",
        }
    }
}

impl Component for SkippedComponent {}

/// The first `upstream` in a block: listeners alone have such a key, whatever their architecture.
fn upstream(block: &Table) -> Option<&str> {
    block.iter().find_map(|(key, value)| match value {
        Value::String(upstream) if key == "upstream" => Some(upstream.as_str()),
        Value::Table(table) => upstream(table),
        _ => None,
    })
}
