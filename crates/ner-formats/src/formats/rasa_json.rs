//! Rasa's training data as JSON: examples with an intent and entities.

use serde_json::Value;

use super::records::{LabelNames, Object, SpanList, list, string, unexpected};
use crate::read::ReadOptions;
use crate::record::{Record, RecordError};
use crate::source::Sample;
use crate::{FormatError, Place};

/// An example out of the list of examples.
pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.json.as_ref().is_some_and(|(_, value)| {
        // An intent or the key `entity`, which no other tool uses, tells it from records of text and entities.
        value.get("text").is_some()
            && (value.get("intent").is_some() || value.pointer("/entities/0/entity").is_some())
    })
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let record = match value {
        Value::Object(example) => record(place, example),
        _ => Err(unexpected("the example", value, "an object with \"text\" and \"entities\"")),
    };
    record.map(|record| vec![record]).map_err(|problem| FormatError::Record { place: place.clone(), problem })
}

/// An example. Without `entities` it has none: Rasa's examples are complete.
fn record(place: &Place, example: &Object) -> Result<Record, RecordError> {
    let mut record = Record::new(place.clone());
    record.text = string(example, "text")?;
    let entities = list(example, "entities")?.map(Vec::as_slice).unwrap_or_default();
    SpanList::read(entities, &LabelNames::default())?.give_to(&mut record);
    let text = record.text.as_deref().unwrap_or_default();
    for span in record.spans.iter_mut().flatten() {
        // A value that stands nowhere in the text is a synonym of what does, which Rasa puts in its place.
        span.text.take_if(|value| !text.contains(value.as_str()));
    }
    let has_intent = example.get("intent").is_some_and(|intent| !intent.is_null());
    record.left_out.push(("intents", usize::from(has_intent)));
    Ok(record)
}
