/// The keys under which spans stand: spaCy's, Prodigy's, displaCy's, doccano's of all ages, Label Studio's.
pub(super) const SPAN_KEYS: [&str; 7] =
    ["entities", "spans", "ents", "label", "labels", "annotations", "annotation"];

/// The keys under which tags stand, the most telling first: `tags` are parts of speech where there are `ner_tags`.
pub(in crate::formats) const TAG_KEYS: [&str; 8] =
    ["ner_tags", "ner", "entity_tags", "bio_tags", "entities", "labels", "label", "tags"];
