//! The values of a record's keys, or errors that name the key.

use serde_json::{Map, Value};

use crate::record::{Answer, RecordError};

pub(in crate::formats) type Object = Map<String, Value>;

/// A key's value; null counts as absent.
pub(in crate::formats) fn present<'a>(object: &'a Object, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

/// The value of the first of several keys that is there.
pub(in crate::formats) fn first_of<'a>(object: &'a Object, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| present(object, key))
}

pub(in crate::formats) fn string(object: &Object, key: &str) -> Result<Option<String>, RecordError> {
    present(object, key)
        .map(|value| value.as_str().map(str::to_owned).ok_or_else(|| unexpected(key, value, "a string")))
        .transpose()
}

pub(in crate::formats) fn list<'a>(
    object: &'a Object,
    key: &str,
) -> Result<Option<&'a Vec<Value>>, RecordError> {
    present(object, key)
        .map(|value| value.as_array().ok_or_else(|| unexpected(key, value, "a list")))
        .transpose()
}

/// A whole number that can be an index; `4.0` is one, as tables write it that have a gap in the column.
pub(in crate::formats) fn index(value: &Value) -> Option<usize> {
    let whole = |number: &f64| number.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(number);
    let number = match value.as_u64() {
        Some(number) => usize::try_from(number).ok()?,
        None => value.as_f64().filter(whole)? as usize,
    };
    Some(number).filter(|&index| index < u32::MAX as usize)
}

/// The error about a value of another kind than the key should have.
pub(in crate::formats) fn unexpected(key: &str, found: &Value, expected: &'static str) -> RecordError {
    let mut found = found.to_string();
    if let Some((end, _)) = found.char_indices().nth(80) {
        found.truncate(end);
        found.push('…');
    }
    RecordError::Unexpected { key: key.to_owned(), found, expected }
}

pub(in crate::formats) fn answer(object: &Object) -> Result<Option<Answer>, RecordError> {
    let Some(value) = present(object, "answer") else { return Ok(None) };
    match value.as_str() {
        Some("accept") => Ok(Some(Answer::Accept)),
        Some("reject") => Ok(Some(Answer::Reject)),
        Some("ignore") => Ok(Some(Answer::Ignore)),
        _ => Err(unexpected("answer", value, "\"accept\", \"reject\" or \"ignore\"")),
    }
}
