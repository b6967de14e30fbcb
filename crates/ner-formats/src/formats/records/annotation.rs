use std::borrow::Cow;

use serde_json::Value;

use super::keys::{SPAN_KEYS, TAG_KEYS};
use super::names::LabelNames;
use super::span::SpanList;
use super::unknown::{lose_others, refuse_unknown};
use super::values::{Object, present, unexpected};
use crate::record::{Record, RecordError};

/// Sets what an object says of the entities of a record that has its text and words.
pub(super) fn annotate(record: &mut Record, object: &Object) -> Result<(), RecordError> {
    leave_out(record, object);
    let names = LabelNames::of(object);
    let has_words = record.words.is_some();
    let mut lists = Vec::new();
    for (key, value) in object {
        if SPAN_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            lists.extend(span_list(record, key, value)?.map(|list| (key, list)));
        }
    }
    let tags = if has_words { tag_list(object) } else { None };
    match (lists.as_slice(), tags) {
        ([], None) => {
            refuse_unknown(object, record.words.as_ref().map(Vec::len))?;
            record.keys = object.keys().cloned().collect();
        }
        ([], Some((key, tags))) => record.tags = Some(tag_names(key, tags, &names)?),
        // Beside spans, `tags` are parts of speech.
        ([(_, list)], None | Some(("tags", _))) => {
            SpanList::read(list, &names)?.give_to(record);
            lose_others(record, object);
        }
        // Of two lists one may be old: which one holds is for a person to say.
        ([(first, _), (second, _), ..], _) => {
            return Err(RecordError::TwoSpanLists((*first).clone(), (*second).clone()));
        }
        ([(first, _)], Some((key, _))) => {
            return Err(RecordError::TwoSpanLists((*first).clone(), key.to_owned()));
        }
    }
    Ok(())
}

/// The spans under a key that may hold them; `None` if it holds something else.
fn span_list<'a>(
    record: &mut Record,
    key: &str,
    value: &'a Value,
) -> Result<Option<Cow<'a, [Value]>>, RecordError> {
    let is_label = key.eq_ignore_ascii_case("label") || key.eq_ignore_ascii_case("labels");
    match value {
        Value::Null => Ok(None),
        Value::Array(list) if list.iter().all(|item| item.is_array() || item.is_object()) => {
            Ok(Some(Cow::Borrowed(list)))
        }
        // Tags, which are looked for on their own.
        Value::Array(list) if record.words.is_some() && is_tags(list) && TAG_KEYS.contains(&key) => Ok(None),
        Value::Array(list) if record.words.is_none() && is_tags(list) && is_label => {
            record.left_out.push(("labels of whole texts", list.len()));
            Ok(None)
        }
        // Out of a cell of a table.
        Value::String(text) if text.trim_start().starts_with('[') => match serde_json::from_str(text) {
            Ok(Value::Array(list)) => Ok(Some(Cow::Owned(list))),
            _ => Err(unexpected(key, value, "a list of spans; as a string it is not JSON")),
        },
        // Prodigy's question, or the class of the text.
        Value::String(_) | Value::Number(_) | Value::Bool(_) if is_label => Ok(None),
        Value::Object(nested) => nested_list(record, key, nested, value),
        _ => Err(unexpected(key, value, "a list of spans")),
    }
}

/// The list in `"annotations": {"entities": [..]}`. Groups of spans, as `Doc.to_json` of spaCy writes them, are no entities.
fn nested_list<'a>(
    record: &mut Record,
    key: &str,
    nested: &'a Object,
    value: &Value,
) -> Result<Option<Cow<'a, [Value]>>, RecordError> {
    if let Some(Value::Array(list)) = SPAN_KEYS.iter().find_map(|key| present(nested, key)) {
        return Ok(Some(Cow::Borrowed(list)));
    }
    if key != "spans" || !nested.values().all(Value::is_array) {
        return Err(unexpected(key, value, "a list of spans"));
    }
    record
        .left_out
        .push(("spans of groups", nested.values().filter_map(Value::as_array).map(Vec::len).sum()));
    Ok(None)
}

fn tag_list(object: &Object) -> Option<(&'static str, &[Value])> {
    TAG_KEYS.into_iter().find_map(|key| {
        let list = present(object, key)?.as_array()?;
        (!list.is_empty() && is_tags(list)).then_some((key, list.as_slice()))
    })
}

/// Whether a list may be one of tags, by name or by number.
fn is_tags(list: &[Value]) -> bool {
    list.iter().all(|tag| tag.is_string() || tag.is_number())
}

fn tag_names(key: &str, tags: &[Value], names: &LabelNames<'_>) -> Result<Vec<String>, RecordError> {
    tags.iter().map(|tag| names.label(key, tag)).collect()
}

/// Counts what a record says of other things than entities.
fn leave_out(record: &mut Record, object: &Object) {
    for (key, name) in [("relations", "relations"), ("cats", "classes of texts")] {
        let count = match object.get(key) {
            Some(Value::Array(list)) => list.len(),
            Some(Value::Object(map)) => map.len(),
            _ => 0,
        };
        if count > 0 {
            record.left_out.push((name, count));
        }
    }
}
