//! Training JSON without tokens: paragraphs of a text with spans of its characters.

use serde_json::Value;

use crate::formats::records::{LabelNames, Object, SpanList, list, string, unexpected};
use crate::read::ReadOptions;
use crate::record::{Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

/// Documents whose paragraphs have no sentences.
pub(in crate::formats) fn looks_like_spans(sample: &Sample<'_>) -> bool {
    let first = sample.json.as_ref().and_then(|(_, value)| value.pointer("/paragraphs/0"));
    first.is_some_and(|paragraph| paragraph.get("sentences").is_none() && paragraph.get("raw").is_some())
}

pub(in crate::formats) fn read_spans(
    place: &Place,
    value: &Value,
    _: &ReadOptions,
) -> Result<Vec<Record>, FormatError> {
    let problem = |problem| FormatError::Record { place: place.clone(), problem };
    let paragraphs = value.get("paragraphs").and_then(Value::as_array);
    let paragraphs = paragraphs
        .ok_or_else(|| problem(unexpected("the document", value, "an object with \"paragraphs\"")))?;
    let paragraph = |paragraph: &Value| match paragraph {
        Value::Object(paragraph) => record(place, paragraph),
        _ => Err(unexpected("paragraphs[..]", paragraph, "an object with \"raw\" and \"entities\"")),
    };
    paragraphs.iter().map(|value| paragraph(value).map_err(problem)).collect()
}

fn record(place: &Place, paragraph: &Object) -> Result<Record, RecordError> {
    if let Some(sentences) = paragraph.get("sentences") {
        return Err(unexpected("sentences", sentences, "none, since the first paragraph has none"));
    }
    let mut record = Record::new(place.clone());
    record.text = string(paragraph, "raw")?;
    match list(paragraph, "entities")? {
        Some(entities) => SpanList::read(entities, &LabelNames::default())?.give_to(&mut record),
        None => record.keys = paragraph.keys().cloned().collect(),
    }
    Ok(record)
}
