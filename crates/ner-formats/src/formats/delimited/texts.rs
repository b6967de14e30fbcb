use serde_json::{Value, json};

use super::header::Columns;
use super::python::to_json;
use super::row::{Row, error, place};
use crate::FormatError;
use crate::formats::records;
use crate::read::ReadOptions;
use crate::record::Record;
use crate::source::Source;

/// The record of a text and its list of spans or of tags.
pub(super) fn record(
    source: &Source,
    columns: &Columns,
    row: &Row,
    options: &ReadOptions,
) -> Result<Record, FormatError> {
    let cell = |column| row.cells.get(column).unwrap_or_default();
    let (text, annotation) = (cell(columns.text), cell(columns.annotation));
    let place = place(source, row);
    if annotation.trim().is_empty() {
        return Ok(Record { text: Some(text.to_owned()), ..Record::new(place) });
    }
    let unexpected = |found: &str| {
        let (name, found) = (&columns.names[columns.annotation], found.chars().take(80).collect::<String>());
        error(
            source,
            row,
            format!("the column {name:?} holds {found:?}; expected a list, as [[0, 4, \"PERSON\"]]"),
        )
    };
    let value = list(annotation).ok_or_else(|| unexpected(annotation))?;
    if let Some(tags) = strings(&value).filter(|tags| !tags.is_empty()) {
        // As many tags as words are in the list, or else as words are in the text between white space.
        let own_words = list(text).as_ref().and_then(strings);
        let words = own_words.unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
        return Ok(Record::of_tags(place, words, tags));
    }
    // As a record of JSON: the forms that spans have there are those that they have here.
    let record = match value {
        Value::Object(mut object) => match object.remove("entities") {
            Some(entities) => json!({"text": text, "entities": entities}),
            None => return Err(unexpected(annotation)),
        },
        spans => json!({"text": text, "entities": spans}),
    };
    let mut records = records::read(&place, &record, options)?;
    records.pop().ok_or_else(|| unexpected(annotation))
}

/// The list or the object of a cell, written in JSON or, as pandas does, in Python.
fn list(cell: &str) -> Option<Value> {
    let value = serde_json::from_str(cell).or_else(|_| serde_json::from_str(&to_json(cell)));
    value.ok().filter(|value: &Value| value.is_array() || value.is_object())
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
