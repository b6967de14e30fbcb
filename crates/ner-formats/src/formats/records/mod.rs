//! Records as JSON objects: text or tokens, with spans or tags. The readers of tools that write such records in their
//! own way share these parts.

mod annotation;
mod names;
mod pair;
mod span;
mod unknown;
mod values;
mod words;

mod annotation_keys;
mod keys;
mod writer;

use std::borrow::Cow;
use std::sync::Arc;

use ner_doc::Doc;
use ner_vocab::Vocab;
use serde_json::Value;

pub use annotation_keys::take_annotation;
pub(super) use keys::TAG_KEYS;
pub(super) use names::LabelNames;
pub(super) use span::SpanList;
pub(super) use values::{Object, answer, first_of, index, list, present, string, unexpected};
pub use writer::JsonlWriter;
pub(crate) use writer::to_line;

use crate::account::RecordLoss;
use crate::read::ReadOptions;
use crate::record::{Bounds, OffsetUnit, Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.json.as_ref().is_some_and(|(_, value)| match value {
        Value::Object(object) => words::has_text(object),
        value => pair::record_of_pair(value).is_some(),
    })
}

pub(super) fn read(place: &Place, value: &Value, options: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let named = match &options.text_column {
        Some(name) => with_text_of(value, name).map(Cow::Owned),
        None => Ok(Cow::Borrowed(value)),
    };
    let record = named.and_then(|value| record(place, &value));
    Ok(vec![record.map_err(|problem| FormatError::Record { place: place.clone(), problem })?])
}

/// A record with the text or the words of the column that an option names.
fn with_text_of(value: &Value, column: &str) -> Result<Value, RecordError> {
    let mut record = value.clone();
    let Value::Object(object) = &mut record else { return Ok(record) };
    let own = object.shift_remove(column).unwrap_or_default();
    let key = match own {
        Value::String(_) => "text",
        Value::Array(_) => "tokens",
        other => return Err(unexpected(column, &other, "a text or words, as --text-column says")),
    };
    for other in ["text", "tokens", "words"] {
        object.shift_remove(other);
    }
    object.insert(key.to_owned(), own);
    Ok(record)
}

/// The record of a JSON object, or of a pair of a text and its annotation.
pub(super) fn record(place: &Place, value: &Value) -> Result<Record, RecordError> {
    let mut record = Record::new(place.clone());
    let object = match (value, pair::record_of_pair(value)) {
        (Value::Object(object), _) => Cow::Borrowed(object),
        (_, Some(Some(object))) => Cow::Owned(object),
        (Value::Null, _) | (_, Some(None)) => {
            record.loss = Some((RecordLoss::Ignored, "null stands in place of the annotation".to_owned()));
            return Ok(record);
        }
        _ => return Err(unexpected("the record", value, RECORD_FORM)),
    };
    words::set_text(&mut record, &object)?;
    record.answer = answer(&object)?;
    record.view_id = object.get("_view_id").and_then(Value::as_str).map(str::to_owned);
    record.unit = unit(&object)?;
    annotation::annotate(&mut record, &object)?;
    record.unknown.extend(unknown(&object)?);
    Ok(record)
}

const RECORD_FORM: &str = "an object with \"text\" or \"tokens\", or a pair [\"text\", {\"entities\": [..]}]";

/// The document of a record that has tokens; `None` if it has none. Spans are passed over.
pub fn tokens_of(record: &Value, place: &Place, vocab: &Arc<Vocab>) -> Result<Option<Doc>, RecordError> {
    let object = record.as_object().ok_or_else(|| unexpected("the record", record, "an object"))?;
    let mut record = Record::new(place.clone());
    words::set_text(&mut record, object)?;
    if record.words.is_none() {
        return Ok(None);
    }
    record.check()?;
    record.doc(vocab)
}

/// The stretches of which nothing is known, beside spans of the others.
fn unknown(object: &Object) -> Result<Vec<Bounds>, RecordError> {
    let bounds = |value: &Value| {
        let found = match value.as_array().map(Vec::as_slice) {
            Some([start, end]) => index(start).zip(index(end)),
            _ => None,
        };
        let (start, end) = found.ok_or_else(|| unexpected("unknown[..]", value, "[start, end]"))?;
        Ok(Bounds::Own(start, end))
    };
    list(object, "unknown")?.into_iter().flatten().map(bounds).collect()
}

/// The unit in which a record says that its spans count, as this program does when it writes another than characters.
/// Other tools keep lists under this key.
fn unit(object: &Object) -> Result<Option<OffsetUnit>, RecordError> {
    let Some(value @ Value::String(name)) = object.get("offsets") else { return Ok(None) };
    let unit = OffsetUnit::from_name(name);
    unit.map(Some).ok_or_else(|| unexpected("offsets", value, "\"chars\", \"bytes\" or \"utf16\""))
}
