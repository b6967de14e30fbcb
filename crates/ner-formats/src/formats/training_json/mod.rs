//! spaCy's training JSON: a list of documents, whose paragraphs are the documents of today.

mod input;
mod paragraph;
mod reader;
mod spans;
mod text_spans;
mod writer;

pub(super) use reader::convert;
pub(super) use text_spans::{looks_like_spans, read_spans};
pub(crate) use writer::TrainingDocument;

use serde_json::Value;

use crate::source::Sample;

/// A document with a list of paragraphs.
pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let is_document = |value: &Value| value.get("paragraphs").is_some_and(Value::is_array);
    sample.json.as_ref().is_some_and(|(_, value)| is_document(value)) && !looks_like_spans(sample)
}
