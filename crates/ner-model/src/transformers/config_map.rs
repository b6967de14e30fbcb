//! A `config.json` as a map of MessagePack, as a model file has it.

use rmpv::Value;
use serde_json::Value as Json;

/// The map as JSON. Keys that are numbers, such as those of labels, become texts, as `config.json` has them.
pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Map(entries) => Json::Object(
            entries.iter().filter_map(|(name, value)| Some((key(name)?, to_json(value)))).collect(),
        ),
        Value::Array(values) => values.iter().map(to_json).collect(),
        Value::Boolean(value) => (*value).into(),
        Value::Integer(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into(),
            (None, number) => number.into(),
        },
        Value::F32(number) => f64::from(*number).into(),
        Value::F64(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Nil | Value::Binary(_) | Value::Ext(..) => Json::Null,
    }
}

fn key(name: &Value) -> Option<String> {
    name.as_str().map(str::to_owned).or_else(|| name.as_i64().map(|number| number.to_string()))
}

/// JSON as a map.
pub(super) fn from_json(value: &Json) -> Value {
    match value {
        Json::Null => Value::Nil,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into(),
            (None, Some(number)) => number.into(),
            (None, None) => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(values) => Value::Array(values.iter().map(from_json).collect()),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.as_str().into(), from_json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_keys_of_text() {
        let labels = Value::Map(vec![(0.into(), "A".into()), ("b".into(), Value::F64(0.5))]);
        let json = serde_json::json!({"0": "A", "b": 0.5});
        assert_eq!(to_json(&labels), json);
        assert_eq!(to_json(&from_json(&json)), json);
    }
}
