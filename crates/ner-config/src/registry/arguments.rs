use schemars::{JsonSchema, schema_for};
use serde::Deserialize;

use crate::Value;

/// An argument of a registered function.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its key in a block.
    pub name: String,
    /// The types that it accepts, such as `integer` or `number or block or null`.
    pub expected: String,
    /// Its value where a block leaves it out; `None` if it is required.
    pub default: Option<Value>,
    /// The doc comment of the field.
    pub help: Option<String>,
}

type Json = serde_json::Value;

/// The doc comment of the struct `Config`, and its fields in order.
pub(crate) fn arguments<Config: JsonSchema>() -> (Option<String>, Vec<Argument>) {
    let schema = schema_for!(Config);
    let properties = schema.get("properties").and_then(Json::as_object);
    let arguments =
        properties.into_iter().flatten().map(|(name, property)| argument(name, property)).collect();
    (schema.get("description").and_then(Json::as_str).map(str::to_owned), arguments)
}

fn argument(name: &str, property: &Json) -> Argument {
    Argument {
        name: name.to_owned(),
        expected: expected(property),
        default: property
            .get("default")
            .map(|default| Value::deserialize(default).expect("every JSON value is a value of a document")),
        help: property.get("description").and_then(Json::as_str).map(str::to_owned),
    }
}

/// The types that a JSON schema allows, in words.
fn expected(schema: &Json) -> String {
    // Only the types of this crate have titles: a block, a number or a block, any value.
    if let Some(title) = schema.get("title").and_then(Json::as_str) {
        return title.to_owned();
    }
    let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)?.as_array());
    if let Some(alternatives) = alternatives {
        return alternatives.iter().map(expected).collect::<Vec<_>>().join(" or ");
    }
    if let Some(names) = schema.get("enum").and_then(Json::as_array) {
        return names.iter().map(Json::to_string).collect::<Vec<_>>().join(" or ");
    }
    match schema.get("type") {
        Some(Json::Array(types)) => types
            .iter()
            .filter_map(Json::as_str)
            .map(|name| typed(name, schema))
            .collect::<Vec<_>>()
            .join(" or "),
        Some(Json::String(name)) => typed(name, schema),
        _ => schema.get("const").map_or_else(|| "section".to_owned(), Json::to_string),
    }
}

fn typed(name: &str, schema: &Json) -> String {
    match name {
        "array" => format!("list of {}", schema.get("items").map_or("values".to_owned(), expected)),
        "object" => "section".to_owned(),
        name => name.to_owned(),
    }
}
