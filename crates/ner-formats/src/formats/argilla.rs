//! Argilla's records: of version 1 with `annotation` and `prediction`, of version 2 with `fields` and `responses`.

use serde_json::Value;

use super::records::{LabelNames, Object, SpanList, list, present, record, unexpected};
use crate::account::RecordLoss;
use crate::read::ReadOptions;
use crate::record::{Answer, Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let Some((_, Value::Object(record))) = &sample.json else { return false };
    let has = |key: &str| record.contains_key(key);
    has("annotation") && has("prediction") && has("text")
        || has("fields") && has("responses")
        || record.keys().any(|key| key.ends_with(".responses"))
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let records = match value {
        Value::Object(object) => records_of(place, object),
        _ => Err(unexpected("the record", value, "an object with \"text\" or \"fields\"")),
    };
    records.map_err(|problem| FormatError::Record { place: place.clone(), problem })
}

fn records_of(place: &Place, object: &Object) -> Result<Vec<Record>, RecordError> {
    let mut base = text_of(place, object)?;
    if present(object, "status").and_then(Value::as_str).is_some_and(is_discarded) {
        base.loss = Some((RecordLoss::Ignored, "the record was discarded".to_owned()));
        return Ok(vec![base]);
    }
    let answers = match list(object, "annotation")? {
        Some(annotation) => vec![annotation.as_slice()],
        None => responses(object),
    };
    // Several annotators have decided about one text: the later of them holds where they differ.
    base.answer = (answers.len() > 1).then_some(Answer::Accept);
    if answers.is_empty() {
        base.keys = object.keys().cloned().collect();
        return Ok(vec![base]);
    }
    let annotated = |spans: &[Value]| {
        let mut record = base.clone();
        let spans: Vec<Value> = spans.iter().map(label_last).collect();
        SpanList::read(&spans, &LabelNames::default())?.give_to(&mut record);
        Ok(record)
    };
    answers.into_iter().map(annotated).collect()
}

/// The text and the tokens: of the record, or of its fields.
fn text_of(place: &Place, object: &Object) -> Result<Record, RecordError> {
    const KEYS: [&str; 3] = ["text", "tokens", "words"];
    let fields = present(object, "fields").and_then(Value::as_object).unwrap_or(object);
    let mut text: Object =
        KEYS.iter().filter_map(|key| Some(((*key).to_owned(), present(fields, key)?.clone()))).collect();
    if text.is_empty() {
        let mut texts = fields.values().filter(|value| value.is_string());
        match (texts.next(), texts.next()) {
            (Some(only), None) => drop(text.insert("text".to_owned(), only.clone())),
            _ => {
                return Err(unexpected(
                    "fields",
                    &Value::Object(fields.clone()),
                    "one text, or one called \"text\"",
                ));
            }
        }
    }
    record(place, &Value::Object(text))
}

/// The spans of each annotator who submitted some: `{"question": [{"value": [..]}]}`, or in the columns of a table.
fn responses(object: &Object) -> Vec<&[Value]> {
    let nested = present(object, "responses").and_then(Value::as_object).into_iter().flat_map(Object::values);
    let columns = object.iter().filter(|(key, _)| key.ends_with(".responses")).map(|(_, value)| value);
    let answers = nested.chain(columns).filter_map(Value::as_array).flatten();
    answers.filter_map(|answer| spans_of(answer)).collect()
}

fn spans_of(answer: &Value) -> Option<&[Value]> {
    let spans = match answer {
        Value::Object(answer) => {
            let status = answer.get("status").and_then(Value::as_str);
            answer.get("value").filter(|_| !status.is_some_and(is_discarded))?
        }
        spans => spans,
    };
    let spans = spans.as_array()?;
    // Answers to other questions are texts, labels or ratings.
    spans.iter().all(|span| span.get("start").is_some()).then_some(spans)
}

fn is_discarded(status: &str) -> bool {
    status.eq_ignore_ascii_case("discarded") || status.eq_ignore_ascii_case("draft")
}

/// A span of version 1, `[label, start, end]`, in the order of all others.
fn label_last(span: &Value) -> Value {
    match span.as_array().map(Vec::as_slice) {
        Some([label @ Value::String(_), start, end, ..]) => {
            Value::Array(vec![start.clone(), end.clone(), label.clone()])
        }
        _ => span.clone(),
    }
}
