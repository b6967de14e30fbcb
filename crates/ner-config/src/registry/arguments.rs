use schemars::{JsonSchema, schema_for};
use serde::Deserialize;

use crate::{ConfigError, Table, Value};

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
    /// Whether a completed document says it where it has its default.
    // Not so of arguments that the function of spaCy with this name does not have: spaCy refuses the block with them.
    pub is_written: bool,
}

type Json = serde_json::Value;

impl Argument {
    /// A value that is not wrong, as far as its type can tell.
    fn stand_in(&self) -> Value {
        let mut types = self.expected.split(" or ");
        let first = types.clone().next().unwrap_or_default();
        match first.split(' ').next().unwrap_or_default() {
            _ if self.default.is_some() => self.default.clone().unwrap_or(Value::Null),
            // A section may have keys that it cannot do without.
            _ if types.any(|name| name == "null") => Value::Null,
            "integer" => 1.into(),
            "number" => 1.0.into(),
            "boolean" => false.into(),
            "string" => "".into(),
            "list" => Value::List(Vec::new()),
            "block" | "section" => Table::new().into(),
            // The first of several names.
            name => name.trim_matches('"').into(),
        }
    }
}

/// An error for each value of `table`, the arguments at `path`, that `read` refuses. Arguments that are missing or
/// unknown are not its business.
pub(crate) fn wrong_values(
    path: &str,
    table: &Table,
    arguments: &[Argument],
    read: impl Fn(Table) -> Result<(), ConfigError>,
) -> Vec<ConfigError> {
    let given = |argument: &Argument| table.get(&argument.name).cloned();
    let mut table: Table = arguments
        .iter()
        .map(|argument| (argument.name.clone(), given(argument).unwrap_or_else(|| argument.stand_in())))
        .collect();
    let mut errors = Vec::new();
    // serde stops at the first wrong value; with another one in its place it comes to the next.
    while let Err(error) = read(table.clone()) {
        let wrong = error.path().and_then(|wrong| {
            let key = wrong.strip_prefix(path)?.trim_start_matches('.').split('.').next()?.to_owned();
            arguments.iter().find(|argument| argument.name == key)
        });
        let Some(argument) = wrong.filter(|argument| table.get(&argument.name) != Some(&argument.stand_in()))
        else {
            // Not the fault of one value, or of the one in its place.
            if errors.is_empty() {
                errors.push(error);
            }
            break;
        };
        table.insert(argument.name.clone(), argument.stand_in());
        errors.push(error);
    }
    errors
}

/// The doc comment of the struct `Config`, and its fields in order.
pub(crate) fn arguments<Config: JsonSchema>() -> (Option<String>, Vec<Argument>) {
    let schema = schema_for!(Config);
    let properties = schema.get("properties").and_then(Json::as_object);
    let arguments =
        properties.into_iter().flatten().map(|(name, property)| argument(name, property)).collect();
    (schema.get("description").and_then(Json::as_str).map(str::to_owned), arguments)
}

/// The mark of an argument that is written only where it differs from its default:
/// `#[schemars(extend("x-unwritten" = true))]`.
const UNWRITTEN: &str = "x-unwritten";

fn argument(name: &str, property: &Json) -> Argument {
    Argument {
        name: name.to_owned(),
        expected: expected(property),
        default: property
            .get("default")
            .map(|default| Value::deserialize(default).expect("every JSON value is a value of a document")),
        help: property.get("description").and_then(Json::as_str).map(str::to_owned),
        is_written: property.get(UNWRITTEN).is_none(),
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
