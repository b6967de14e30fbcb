use serde_json::Value;

use super::values::Object;

/// The record of `["text", {"entities": [..]}]`, the form of training data in spaCy 2; null where the text was skipped,
/// as ner-annotator writes it. `None` for other values.
pub(super) fn record_of_pair(value: &Value) -> Option<Option<Object>> {
    let [text @ Value::String(_), annotation] = value.as_array()?.as_slice() else { return None };
    let mut record = match annotation {
        Value::Null => return Some(None),
        Value::Object(annotation) => annotation.clone(),
        Value::Array(_) => Object::from_iter([("entities".to_owned(), annotation.clone())]),
        _ => return None,
    };
    record.insert("text".to_owned(), text.clone());
    Some(Some(record))
}
