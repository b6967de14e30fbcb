use ner_config::{Table, Value};
use ner_layers::Init;
use ner_vocab::Attribute;
use rmpv::Value as Packed;

use super::Component;
use crate::PipelineError;
use crate::storage::PipelineFiles;

/// A component of a kind that is not known here. It does not run; its files, block and labels are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedComponent {
    factory: String,
    /// The attributes of tokens that it would set.
    sets: Vec<Attribute>,
    upstream: Option<String>,
}

/// spaCy's other components: what they do, as far as entities depend on it, and which attributes of tokens they set.
const KNOWN: [(&str, Effect, &[Attribute]); 22] = [
    ("attribute_ruler", Effect::None, RULED),
    ("beam_parser", Effect::Sentences, &[Attribute::DEP, Attribute::HEAD, Attribute::SENT_START]),
    ("doc_cleaner", Effect::None, &[]),
    ("entity_linker", Effect::None, &[Attribute::ENT_KB_ID]),
    ("entity_ruler", Effect::Entities, OF_ENTITIES),
    ("future_entity_ruler", Effect::Entities, OF_ENTITIES),
    ("lemmatizer", Effect::None, &[Attribute::LEMMA]),
    ("merge_entities", Effect::Tokens, &[]),
    ("merge_noun_chunks", Effect::Tokens, &[]),
    ("merge_subtokens", Effect::Tokens, &[]),
    ("morphologizer", Effect::None, &[Attribute::POS, Attribute::MORPH]),
    ("parser", Effect::Sentences, &[Attribute::DEP, Attribute::HEAD, Attribute::SENT_START]),
    ("senter", Effect::Sentences, &[Attribute::SENT_START]),
    ("span_finder", Effect::None, &[]),
    ("span_ruler", Effect::Entities, OF_ENTITIES),
    ("spancat", Effect::None, &[]),
    ("spancat_singlelabel", Effect::None, &[]),
    ("tagger", Effect::None, &[Attribute::TAG]),
    ("textcat", Effect::None, &[]),
    ("textcat_multilabel", Effect::None, &[]),
    ("token_splitter", Effect::Tokens, &[]),
    ("trainable_lemmatizer", Effect::None, &[Attribute::LEMMA]),
];

const OF_ENTITIES: &[Attribute] = &[Attribute::ENT_IOB, Attribute::ENT_TYPE, Attribute::ENT_ID];

/// All that an attribute_ruler can set.
const RULED: &[Attribute] = &[
    Attribute::TAG,
    Attribute::POS,
    Attribute::MORPH,
    Attribute::LEMMA,
    Attribute::NORM,
    Attribute::DEP,
    Attribute::SENT_START,
];

#[derive(Clone, Copy, Debug)]
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
        let known = KNOWN.iter().find(|(name, _, _)| *name == factory);
        let sets = known.map(|(_, _, sets)| sets.to_vec()).unwrap_or_default();
        let upstream = upstream(block).map(str::to_owned);
        SkippedComponent { factory: factory.to_owned(), sets, upstream }
    }

    /// The kinds that spaCy itself has.
    pub(crate) fn of_spacy() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(factory, _, _)| *factory)
    }

    /// The kind of component that it is.
    pub fn factory(&self) -> &str {
        &self.factory
    }

    /// The component whose vectors it takes, as its listener names it, if it has one.
    pub fn upstream(&self) -> Option<&str> {
        self.upstream.as_deref()
    }

    /// What entities miss without it, in a sentence's end. A recogniser may come after it or not, and `read` are the
    /// attributes that those which come after it read, their token vectors included.
    pub(crate) fn effect(&self, comes_before_a_recognizer: bool, read: &[Attribute]) -> String {
        let known = KNOWN.iter().find(|(factory, _, _)| *factory == self.factory);
        let missed: Vec<&str> = self
            .sets
            .iter()
            .filter(|attribute| read.contains(attribute))
            .map(|missed| missed.name())
            .collect();
        if !missed.is_empty() {
            let missed = missed.join(", ");
            return format!(
                "it would set {missed}, which the recogniser reads, so that other entities are found"
            );
        }
        match (known.map_or(Effect::Unknown, |(_, effect, _)| *effect), comes_before_a_recognizer) {
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
        .to_owned()
    }
}

impl Component for SkippedComponent {
    /// Looks at the patterns of an attribute_ruler, which say what it sets. Its files stay, to be saved again.
    fn read_settings(
        &mut self,
        name: &str,
        files: &mut PipelineFiles,
        _: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        self.read_patterns(name, files)
    }
}

impl SkippedComponent {
    /// Looks at the patterns of an attribute_ruler among the files of the component `name`.
    pub(crate) fn read_patterns(
        &mut self,
        name: &str,
        files: &mut PipelineFiles,
    ) -> Result<(), PipelineError> {
        if self.sets == RULED
            && let Some(patterns) = files.read_if_there(&format!("{name}/patterns"))?
            && let Ok(patterns) = rmpv::decode::read_value(&mut patterns.as_slice())
        {
            let set = names_set(&patterns);
            self.sets.retain(|attribute| set.contains(&attribute.name()));
        }
        Ok(())
    }
}

/// The first `upstream` in a block: listeners alone have such a key, whatever their architecture.
fn upstream(block: &Table) -> Option<&str> {
    block.iter().find_map(|(key, value)| match value {
        Value::String(upstream) if key == "upstream" => Some(upstream.as_str()),
        Value::Table(table) => upstream(table),
        _ => None,
    })
}

/// The names of the attributes that the patterns of an attribute_ruler set.
fn names_set(patterns: &Packed) -> Vec<&str> {
    let patterns = patterns.as_array().map(Vec::as_slice).unwrap_or_default();
    let attrs = patterns.iter().filter_map(|pattern| pairs(pattern).find(|(key, _)| *key == "attrs"));
    attrs.flat_map(|(_, attrs)| pairs(attrs)).map(|(name, _)| name).collect()
}

fn pairs(map: &Packed) -> impl Iterator<Item = (&str, &Packed)> {
    let pairs = map.as_map().map(Vec::as_slice).unwrap_or_default();
    pairs.iter().filter_map(|(key, value)| Some((key.as_str()?, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_missed() {
        let tagger = SkippedComponent::new("tagger", &Table::new());
        assert!(tagger.effect(true, &[Attribute::NORM]).contains("do not depend"));
        assert!(tagger.effect(true, &[Attribute::NORM, Attribute::TAG]).starts_with("it would set TAG,"));
        assert!(
            SkippedComponent::new("acme", &Table::new())
                .effect(true, &[Attribute::TAG])
                .contains("may change")
        );
    }

    #[test]
    fn an_attribute_ruler_sets_what_its_patterns_say() {
        let norm = |key: &str| {
            let attrs = Packed::Map(vec![(key.into(), "x".into())]);
            Packed::Array(vec![Packed::Map(vec![
                ("patterns".into(), Packed::Array(Vec::new())),
                ("attrs".into(), attrs),
            ])])
        };
        assert_eq!(names_set(&norm("NORM")), ["NORM"]);
        assert!(names_set(&Packed::Nil).is_empty());
    }
}
