//! Prodigy's records, of all views: those that are not about entities are told apart.

mod writer;

pub(crate) use writer::ProdigyWriter;

use serde_json::Value;

use super::records::{Object, present, record};
use crate::account::RecordLoss;
use crate::read::ReadOptions;
use crate::record::{Bounds, RawSpan, Record};
use crate::source::Sample;
use crate::{FormatError, Place};

/// Keys that no other tool writes.
const KEYS: [&str; 5] = ["_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id"];

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let Some((_, Value::Object(record))) = &sample.json else { return false };
    // One key will do: older versions lack some of them, and tasks that were never shown have no answer.
    KEYS.iter().any(|key| record.contains_key(*key))
        || record.get("answer").and_then(Value::as_str).is_some_and(|answer| {
            ["accept", "reject", "ignore"].contains(&answer) && record.contains_key("spans")
        })
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    // Before the record is read: a task about a picture has neither a text nor tokens, which would be a fault.
    if let Some(why) = value.as_object().and_then(why_no_entities) {
        let loss = Some((RecordLoss::NoText, why));
        return Ok(vec![Record { loss, ..Record::new(place.clone()) }]);
    }
    let mut record =
        record(place, value).map_err(|problem| FormatError::Record { place: place.clone(), problem })?;
    // One span was shown, and nothing is known of the rest of the text.
    if value.get("_is_binary").and_then(Value::as_bool) == Some(true) {
        record.view_id = Some("ner".to_owned());
    }
    check_view(&record)?;
    Ok(vec![record])
}

/// Why a record says nothing of entities, if it does not.
fn why_no_entities(record: &Object) -> Option<String> {
    let view = record.get("_view_id").and_then(Value::as_str).unwrap_or_default();
    let has_text = ["text", "tokens"].iter().any(|key| present(record, key).is_some());
    let kind = ["image", "audio", "video", "html"].into_iter().find(|key| record.contains_key(*key));
    match (has_text, kind) {
        (false, Some(kind)) => Some(format!("the task is about {kind}, not about text")),
        _ if matches!(view, "classification" | "choice" | "text_input") && !record.contains_key("spans") => {
            Some(format!("the view {view} says nothing of entities"))
        }
        _ => None,
    }
}

/// Spans of other views may overlap, and entities may not.
fn check_view(record: &Record) -> Result<(), FormatError> {
    let Some(view @ ("spans" | "spans_manual")) = record.view_id.as_deref() else { return Ok(()) };
    let mut spans: Vec<_> = record.spans.iter().flatten().map(|span| (bounds(span), &span.label)).collect();
    spans.sort();
    let overlap =
        spans.array_windows().find(|[(first, _), (second, _)]| second.0 < first.1 && first != second);
    let Some([(first, first_label), (second, second_label)]) = overlap else { return Ok(()) };
    Err(FormatError::Malformed {
        place: record.place.clone(),
        message: format!(
            "the spans {}..{} ({first_label}) and {}..{} ({second_label}) overlap, as those of the view {view} may; \
             entities do not: take one of them out, or annotate with the view ner_manual",
            first.0, first.1, second.0, second.1
        ),
        code: None,
    })
}

fn bounds(span: &RawSpan) -> (usize, usize) {
    let (Bounds::Own(start, end) | Bounds::Tokens(start, end)) = span.bounds;
    (start, end)
}
