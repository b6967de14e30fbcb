use ner_config::{Kind, Registry};

use crate::augment::{combined, entity_boundaries, lower_case, noise, orth_variants, unseen_words};
use crate::reader::{corpus, json, json_lines, jsonl_corpus, labels, mixed, part, plain_text_corpus};

/// The reader of some examples of a corpus.
pub const PART: &str = "ner.Part.v1";

/// Registers the readers of examples, which build a `Box<dyn` [`ExampleSource`](crate::reader::ExampleSource)`>`, the
/// readers of labels (`Option<`[`serde_json::Value`]`>`) and of other data ([`serde_json::Value`]), and the augmenters,
/// which build a `Box<dyn` [`Augmenter`](crate::augment::Augmenter)`>`.
pub fn register(registry: &mut Registry) {
    registry
        .add(Kind::Readers, "spacy.Corpus.v1", corpus)
        .add(Kind::Readers, "spacy.JsonlCorpus.v1", jsonl_corpus)
        .add(Kind::Readers, "spacy.PlainTextCorpus.v1", plain_text_corpus)
        .add(Kind::Readers, "ner.Mixed.v1", mixed)
        .add(Kind::Readers, PART, part)
        .add(Kind::Readers, "spacy.read_labels.v1", labels)
        .add(Kind::Readers, "srsly.read_json.v1", json)
        .add(Kind::Readers, "srsly.read_jsonl.v1", json_lines)
        .add(Kind::Augmenters, "spacy.lower_case.v1", lower_case)
        .add(Kind::Augmenters, "spacy.orth_variants.v1", orth_variants)
        .add(Kind::Augmenters, "spacy.combined_augmenter.v1", combined)
        .add(Kind::Augmenters, "ner.entity_boundaries.v1", entity_boundaries)
        .add(Kind::Augmenters, "ner.noise.v1", noise)
        .add(Kind::Augmenters, "ner.unseen_words.v1", unseen_words);
}
