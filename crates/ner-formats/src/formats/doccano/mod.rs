//! doccano's exports of all ages, which are records with its own names for the bounds of spans.

mod writer;

pub(crate) use writer::to_line;

use serde_json::Value;

use crate::source::Sample;

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let Some((_, Value::Object(record))) = &sample.json else { return false };
    let has_offsets = |value: &Value| value.pointer("/0/start_offset").is_some();
    // Exports of the current version name offsets as all do; what tells them is a key that is always there.
    record.contains_key("Comments") || record.values().any(has_offsets)
}
