//! spaCy's training JSON: a list of documents, whose paragraphs are the documents of today.

mod input;
mod paragraph;
mod reader;
mod writer;

pub(super) use reader::convert;
pub(crate) use writer::TrainingDocument;

use crate::source::Sample;

/// A document with a list of paragraphs.
pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.json.as_ref().is_some_and(|(_, value)| value.get("paragraphs").is_some_and(|list| list.is_array()))
}
