//! The elements of a file's lists, from MessagePack. Errors name the expected type.

use ner_files::skip_msgpack;
use rmpv::Value;

pub(super) fn attribute(value: Value) -> Result<u64, &'static str> {
    value.as_u64().ok_or("a number")
}

pub(super) fn string(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(string) => string.into_str().ok_or("a string in UTF-8"),
        _ => Err("a string"),
    }
}

/// The bytes of a map, checked; none for an empty map.
pub(super) fn user_data(bytes: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    let mut rest = bytes.as_slice();
    match rmp::decode::read_map_len(&mut rest) {
        Ok(0) => return Ok(Vec::new()),
        Err(_) if bytes.is_empty() => return Ok(Vec::new()),
        Err(_) => return Err("the bytes of a MessagePack map"),
        Ok(_) => {}
    }
    let mut rest = bytes.as_slice();
    match skip_msgpack(&mut rest) {
        Ok(()) if rest.is_empty() => Ok(bytes),
        _ => Err("the bytes of a MessagePack map"),
    }
}

pub(super) fn cats(value: Value) -> Result<Vec<(String, f64)>, &'static str> {
    let Value::Map(entries) = value else { return Err("a map of categories") };
    entries
        .into_iter()
        .map(|(name, score)| {
            // Scores of exclusive categories are often written as truth values.
            let score = score.as_f64().or_else(|| score.as_bool().map(|is_so| f64::from(u8::from(is_so))));
            Ok((string(name)?, score.ok_or("a number for each category")?))
        })
        .collect()
}

/// Whether the flags say that the spaces are unknown.
pub(super) fn flags(value: Value) -> Result<bool, &'static str> {
    let Value::Map(entries) = value else { return Err("a map of flags") };
    let flag = entries.into_iter().find(|(name, _)| name.as_str() == Some("has_unknown_spaces"));
    flag.map_or(Ok(false), |(_, flag)| flag.as_bool().ok_or("true or false for has_unknown_spaces"))
}
