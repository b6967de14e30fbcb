use anyhow::anyhow;
use ner::Content;
use ner_formats::{Opened, Place, json_values, take_annotation, tokens_of};
use ner_pipeline::Pipeline;
use serde_json::Value;

use super::inputs::{Fields, Input, ReadError, Source};
use super::reader::Reader;

/// The records of a file: each object's text or tokens, with its other fields.
pub(super) fn read(opened: Opened, reader: &Reader) -> Result<Source, ReadError> {
    let (text_key, pipeline) = (reader.args.text_key().to_owned(), reader.pipeline.clone());
    let values = json_values(opened).map_err(ReadError::of_file)?;
    Ok(Box::new(values.map(move |value| {
        let (place, record) = value?;
        input(record, place, &text_key, &pipeline)
    })))
}

/// Whether a JSON value has what [`read`] takes from it.
pub(super) fn is_record(value: &Value, text_key: &str) -> bool {
    field(value, text_key).is_some() || value.get("tokens").is_some_and(Value::is_array)
}

/// The field of a name, or else of a path of names with dots between them.
fn field<'a>(record: &'a Value, key: &str) -> Option<&'a Value> {
    record.get(key).or_else(|| key.split('.').try_fold(record, |value, name| value.get(name)))
}

fn input(record: Value, place: Place, text_key: &str, pipeline: &Pipeline) -> Result<Input, ReadError> {
    let content = content(&record, &place, text_key, pipeline)
        .map_err(|problem| ReadError::Record(anyhow!("{place}: {problem}")))?;
    let mut fields = if let Value::Object(fields) = record { fields } else { Fields::new() };
    take_annotation(&mut fields);
    Ok(Input { content, place, extra: fields })
}

/// A record's text, or its tokens where there is no text or the pipeline cannot split it.
fn content(record: &Value, place: &Place, text_key: &str, pipeline: &Pipeline) -> Result<Content, String> {
    let text = match field(record, text_key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => return Err(format!("the field {text_key:?} holds {other}; expected a string")),
        None => None,
    };
    let doc = match text.is_none() || pipeline.tokenizer().is_elsewhere() {
        true => tokens_of(record, place, pipeline.vocab()).map_err(|problem| problem.to_string())?,
        false => None,
    };
    doc.map(Content::Doc).or(text.map(Content::Text)).ok_or_else(|| {
        format!("the record has no field {text_key:?}; name the field of the text with --text-key")
    })
}
