//! Label Studio's exports: JSON, in which a task has annotations with results, and JSON-MIN, in which it has the results.

mod writer;

pub(crate) use writer::{ANNOTATIONS, PREDICTIONS};

use serde_json::Value;

use super::records::{
    LabelNames, Object, SpanList, first_of, index, list, present, record, string, unexpected,
};
use crate::account::RecordLoss;
use crate::read::ReadOptions;
use crate::record::{Answer, RawSpan, Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let Some((_, Value::Object(task))) = &sample.json else { return false };
    // Annotations may stand behind the end of the sample; spans beside the data are of another tool.
    let has_spans =
        ["entities", "spans", "ents", "label", "labels"].iter().any(|key| task.contains_key(*key));
    !has_spans && task.get("data").is_some_and(Value::is_object)
        || task.contains_key("annotator") && task.contains_key("id")
        || task.values().any(is_min_spans)
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let records = match value {
        Value::Object(task) => match task.get("data") {
            Some(Value::Object(data)) => records_of_task(place, task, data),
            _ => record_of_min(place, task).map(|record| vec![record]),
        },
        _ => Err(unexpected("the task", value, "an object with \"data\" and \"annotations\"")),
    };
    records.map_err(|problem| FormatError::Record { place: place.clone(), problem })
}

/// The annotations of a task, as decisions about one text where there are several: the later holds.
fn records_of_task(place: &Place, task: &Object, data: &Object) -> Result<Vec<Record>, RecordError> {
    let mut base = Record::new(place.clone());
    base.text = text(data)?;
    if base.text.is_none() {
        base.loss = Some((RecordLoss::NoText, "the task is about no text".to_owned()));
        return Ok(vec![base]);
    }
    let key = if present(task, "completions").is_some() { "completions" } else { "annotations" };
    let annotations = list(task, key)?.map(Vec::as_slice).unwrap_or_default();
    let is_true = |value: Option<&Value>| value.and_then(Value::as_bool).unwrap_or(false);
    let is_cancelled =
        |annotation: &&Value| is_true(annotation.get("was_cancelled")) || is_true(annotation.get("skipped"));
    let (cancelled, done): (Vec<&Value>, Vec<&Value>) = annotations.iter().partition(is_cancelled);
    if done.is_empty() {
        if cancelled.is_empty() {
            base.keys = task.keys().cloned().collect();
        } else {
            base.loss = Some((RecordLoss::Ignored, "its annotation was cancelled".to_owned()));
        }
        // What a model said is no annotation.
        let n_predictions = list(task, "predictions")?.map_or(0, Vec::len);
        base.left_out.push(("predictions", n_predictions));
        return Ok(vec![base]);
    }
    // Of one annotation nothing has to be merged, and its text may come again in another task.
    base.answer = (done.len() > 1).then_some(Answer::Accept);
    let mut records = Vec::new();
    for annotation in done {
        records.push(annotated(base.clone(), annotation)?);
    }
    Ok(records)
}

/// The text of a task: under `text`, or the only string that its data have.
fn text(data: &Object) -> Result<Option<String>, RecordError> {
    if let Some(text) = string(data, "text")? {
        return Ok(Some(text));
    }
    let mut texts = data.values().filter_map(Value::as_str);
    match (texts.next(), texts.next()) {
        (Some(_), Some(_)) => {
            let data = Value::Object(data.clone());
            Err(unexpected("data", &data, "one text; call the one that was annotated \"text\""))
        }
        // Pictures and sounds are named by their address.
        (text, _) => Ok(text
            .filter(|text| !text.starts_with("http") && !text.starts_with("/data/"))
            .map(str::to_owned)),
    }
}

/// The record with the results of an annotation.
fn annotated(mut record: Record, annotation: &Value) -> Result<Record, RecordError> {
    let mut spans = SpanList::default();
    // An annotation that found nothing has an empty list.
    let results = annotation.get("result").and_then(Value::as_array);
    for result in results
        .ok_or_else(|| unexpected("annotations[..]", annotation, "an object with a list \"result\""))?
    {
        let kind = result.get("type").and_then(Value::as_str).unwrap_or_default();
        let value = result.get("value").and_then(Value::as_object);
        match (kind, value) {
            ("labels", Some(value)) => {
                let (start, end) =
                    value.get("start").and_then(index).zip(value.get("end").and_then(index)).ok_or_else(
                        || unexpected("value", &result["value"], "\"start\" and \"end\" as whole numbers"),
                    )?;
                let span = RawSpan { text: string(value, "text")?, ..RawSpan::new(start, end, "") };
                let labels = first_of(value, &["labels"]).unwrap_or(&Value::Array(Vec::new())).clone();
                spans.add(span, &labels, &LabelNames::default())?;
            }
            ("relation", _) => record.left_out.push(("relations", 1)),
            ("choices", _) => record.left_out.push(("choices", 1)),
            ("hypertextlabels" | "paragraphlabels", _) => {
                record.left_out.push(("spans in HTML or in dialogues", 1));
            }
            _ => record.left_out.push(("results that are no spans", 1)),
        }
    }
    spans.give_to(&mut record);
    Ok(record)
}

/// A task of JSON-MIN, whose spans stand under the name that the labels have in the project's setup.
fn record_of_min(place: &Place, task: &Object) -> Result<Record, RecordError> {
    let mut renamed = task.clone();
    let spans: Vec<Value> = task
        .values()
        .filter(|value| is_min_spans(value))
        .filter_map(Value::as_array)
        .flatten()
        .cloned()
        .collect();
    if !spans.is_empty() {
        renamed.retain(|_, value| !is_min_spans(value));
        renamed.insert("entities".to_owned(), Value::Array(spans));
    }
    record(place, &Value::Object(renamed))
}

/// Whether a value is a list of objects with `start`, `end` and `labels`.
fn is_min_spans(value: &Value) -> bool {
    let is_span =
        |span: &Value| span.get("start").is_some() && span.get("labels").is_some_and(Value::is_array);
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_span))
}
