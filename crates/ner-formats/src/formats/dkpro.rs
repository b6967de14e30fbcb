//! The types of DKPro, which INCEpTION and WebAnno call layers: which of them are entities, and where their labels are
//! (<https://dkpro.github.io/dkpro-core/releases/2.2.0/docs/typesystem-reference.html>).

/// The layer of named entities.
pub(super) const NAMED_ENTITY: &str = "NamedEntity";

/// Layers that are never entities: syntax, and what is known of the document.
const SYNTAX: [&str; 19] = [
    "Annotation",
    "DocumentAnnotation",
    "DocumentMetaData",
    "CASMetadata",
    "PdfPage",
    "PdfChunk",
    "Sentence",
    "Token",
    "Lemma",
    "Stem",
    "MorphologicalFeatures",
    "Dependency",
    "ROOT",
    "Paragraph",
    "Heading",
    "Div",
    "Constituent",
    "Chunk",
    "SurfaceForm",
];

/// Features that hold a label, the most usual first.
const LABELS: [&str; 6] = ["value", "label", "kind", "type", "category", "class"];

/// The name of a type without packages.
pub(super) fn short_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether a layer, by its short name, is never one of entities. Parts of speech have types such as `POS_NOUN`.
pub(super) fn is_syntax(layer: &str) -> bool {
    SYNTAX.contains(&layer) || layer.starts_with("POS")
}

/// Which of a layer's features holds the label: one of a usual name, one that is named as the layer, or the only one.
pub(super) fn label_feature<S: AsRef<str>>(layer: &str, features: &[S]) -> Option<usize> {
    let named = |name: &str| features.iter().position(|feature| feature.as_ref().eq_ignore_ascii_case(name));
    let usual = LABELS.iter().find_map(|name| named(name));
    usual.or_else(|| named(layer)).or_else(|| (features.len() == 1).then_some(0))
}
