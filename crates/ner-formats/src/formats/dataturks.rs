//! DataTurks' lines: a text, and annotations of points whose end is the last character.

use serde_json::Value;

use super::records::{LabelNames, Object, SpanList, index, list, string, unexpected};
use crate::read::ReadOptions;
use crate::record::{RawSpan, Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.json.as_ref().is_some_and(|(_, value)| {
        value.get("content").is_some_and(Value::is_string) && value.get("annotation").is_some()
    })
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let record = match value {
        Value::Object(object) => record(place, object),
        _ => Err(unexpected("the record", value, "an object with \"content\" and \"annotation\"")),
    };
    record.map(|record| vec![record]).map_err(|problem| FormatError::Record { place: place.clone(), problem })
}

fn record(place: &Place, object: &Object) -> Result<Record, RecordError> {
    let mut record = Record::new(place.clone());
    record.text = string(object, "content")?;
    let Some(annotations) = list(object, "annotation")? else {
        record.keys = object.keys().cloned().collect();
        return Ok(record);
    };
    let mut spans = SpanList::default();
    for annotation in annotations {
        let points = annotation.get("points").and_then(Value::as_array);
        let points =
            points.ok_or_else(|| unexpected("annotation[..]", annotation, "\"label\" and \"points\""))?;
        let labels = annotation.get("label").cloned().unwrap_or(Value::Array(Vec::new()));
        for point in points {
            spans.add(span(point)?, &labels, &LabelNames::default())?;
        }
    }
    spans.give_to(&mut record);
    Ok(record)
}

fn span(point: &Value) -> Result<RawSpan, RecordError> {
    let number = |key| point.get(key).and_then(index);
    let (Some(start), Some(last)) = (number("start"), number("end")) else {
        return Err(unexpected("points[..]", point, "\"start\" and \"end\" as whole numbers"));
    };
    let text = point.get("text").and_then(Value::as_str).map(str::to_owned);
    // DataTurks names the last character, not the one after it.
    Ok(RawSpan { text, ..RawSpan::new(start, last + 1, "") })
}
