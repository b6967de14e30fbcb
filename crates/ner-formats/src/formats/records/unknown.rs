//! Annotation under a key that is not read: a record that seems to have none would teach that it has no entities, or
//! nothing at all, and nobody would know.

use serde_json::Value;

use super::keys::SPAN_KEYS;
use super::span::{END_KEYS, LABEL_KEYS, START_KEYS};
use super::values::{Object, first_of};
use crate::account::SpanLoss;
use crate::record::{Record, RecordError};

/// Names long enough that a similar one is a slip.
const NAMES: [&str; 3] = ["entities", "annotations", "spans"];

/// Fails at a key that looks like annotation; for records in which no known key holds any.
pub(super) fn refuse_unknown(object: &Object, n_words: Option<usize>) -> Result<(), RecordError> {
    let bounds = (first_of(object, &START_KEYS), first_of(object, &END_KEYS));
    if let (Some(start), Some(end)) = bounds
        && (start.is_number() && end.is_number())
    {
        return Err(RecordError::Flat);
    }
    for (key, value) in object {
        if !may_be_annotation(key) {
            continue;
        }
        let expected = if is_spans(value) || is_slip(key, value) {
            "entities"
        } else if n_words.is_some_and(|n_words| is_tags(value, n_words)) {
            "ner_tags"
        } else {
            continue;
        };
        return Err(RecordError::UnknownKey { key: key.clone(), expected });
    }
    Ok(())
}

/// Counts spans under keys that look like annotation as lost; for records in which a known key holds some.
pub(super) fn lose_others(record: &mut Record, object: &Object) {
    // Below `gold`, `ner apply` keeps the annotation that its predictions take the place of.
    let others = object.iter().filter(|(key, _)| *key != "gold" && may_be_annotation(key));
    for (key, value) in others.filter(|(_, value)| is_spans(value)) {
        let spans = value.as_array().map_or(&[][..], Vec::as_slice);
        record.lost.extend(spans.iter().map(|span| (SpanLoss::OtherKey, format!("{key:?}: {span}"))));
    }
}

/// Whether a key is none that is known. What a model said is no annotation.
fn may_be_annotation(key: &str) -> bool {
    let is_known = SPAN_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key));
    !is_known && !["predict", "suggest"].iter().any(|word| key.to_ascii_lowercase().contains(word))
}

fn is_slip(key: &str, value: &Value) -> bool {
    let is_near = |name: &&str| strsim::osa_distance(&key.to_lowercase(), name) <= name.len().div_ceil(5);
    value.is_array() && key != "sents" && NAMES.iter().any(is_near)
}

/// Whether a value is a list of spans, or a string or an object that holds one.
fn is_spans(value: &Value) -> bool {
    match value {
        Value::Array(list) => !list.is_empty() && list.iter().all(is_span),
        Value::String(text) if text.starts_with('[') => {
            serde_json::from_str(text).is_ok_and(|value: Value| value.is_array() && is_spans(&value))
        }
        Value::Object(nested) => nested.values().any(|value| value.is_array() && is_spans(value)),
        _ => false,
    }
}

fn is_span(value: &Value) -> bool {
    match value {
        Value::Array(parts) => {
            let n_numbers = parts.iter().filter(|part| part.is_number()).count();
            n_numbers == 2 && parts.iter().any(Value::is_string) && parts.len() <= 4
        }
        Value::Object(object) => {
            [&START_KEYS[..], &END_KEYS, &LABEL_KEYS].iter().all(|keys| first_of(object, keys).is_some())
        }
        _ => false,
    }
}

/// Whether a value is a list of entity tags, one for each word.
fn is_tags(value: &Value, n_words: usize) -> bool {
    let is_tag = |tag: &Value| {
        tag.as_str().is_some_and(|tag| tag == "O" || tag.as_bytes().get(1) == Some(&b'-') && tag.len() > 2)
    };
    value.as_array().is_some_and(|list| list.len() == n_words && n_words > 0 && list.iter().all(is_tag))
}
