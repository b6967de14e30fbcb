//! TOML, with one convention: it has no null, so the string `"null"` stands for it, and the string of these four
//! letters is written with one more pair of quotes, `"\"null\""`.

use std::fmt::Write;

use ner_cpython::float_repr;
use toml::de::DeTable;

use crate::document::places::Places;
use crate::path::join;
use crate::{ConfigError, Table, Value};

pub(crate) fn parse(text: &str) -> Result<(Table, Places), ConfigError> {
    let line = |offset: usize| text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        ConfigError::syntax(line(error.span().map_or(0, |span| span.start)), error.message())
    })?;
    // Read twice, since the values of the one kind of table have no places, and those of the other are not numbers yet.
    let mut places = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        add_places(table.get_ref(), "", &mut |path, offset| places.push((path, line(offset))));
    }
    Ok((from_table(table), places.into_iter().collect()))
}

fn add_places(table: &DeTable<'_>, parent: &str, add: &mut dyn FnMut(String, usize)) {
    for (key, value) in table {
        let path = join(parent, key.get_ref());
        if let Some(table) = value.get_ref().as_table() {
            add_places(table, &path, add);
        }
        add(path, key.span().start);
    }
}

fn from_table(table: toml::Table) -> Table {
    table.into_iter().map(|(key, value)| (key, from_toml(value))).collect()
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => from_string(&text),
        toml::Value::Integer(number) => Value::Integer(number.into()),
        toml::Value::Float(number) => Value::Float(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => Value::List(items.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => Value::Table(from_table(table)),
    }
}

const NULL: &str = "null";

/// Whether `text` is `null` within any number of pairs of quotes: each level of quotes escapes the one below, so that
/// every string can be written.
fn is_quoted_null(text: &str) -> bool {
    let quotes = text.len().saturating_sub(NULL.len()) / 2;
    text.trim_start_matches('"').trim_end_matches('"') == NULL
        && text.len() == NULL.len() + 2 * quotes
        && text[quotes..].starts_with(NULL)
}

fn from_string(text: &str) -> Value {
    match text {
        NULL => Value::Null,
        text if is_quoted_null(text) => text[1..text.len() - 1].into(),
        text => text.into(),
    }
}

pub(crate) fn write(root: &Table) -> Result<String, ConfigError> {
    let mut writer = Writer::default();
    writer.sections(root, "", "")?;
    Ok(writer.text.trim_start().to_owned())
}

/// Writes TOML in a fixed layout.
// Not the writer of `toml` or `toml_edit`: they choose between four kinds of quotes by the content of a string, and write
// floats in Rust's form, so that the same value would look otherwise in the two syntaxes.
#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    /// Writes `table`, whose values belong under `header`, a list of TOML keys; `path` is for errors.
    fn sections(&mut self, table: &Table, header: &str, path: &str) -> Result<(), ConfigError> {
        for (name, value) in table.iter().filter(|(_, value)| value.as_table().is_none()) {
            let value = inline(value, &join(path, name))?;
            let _ = writeln!(self.text, "{} = {value}", key(name));
        }
        for (name, child) in table.iter().filter_map(|(name, value)| Some((name, value.as_table()?))) {
            let header = join(header, &key(name));
            // A section that holds nothing but sections needs no header of its own.
            if child.is_empty() || child.values().any(|value| value.as_table().is_none()) {
                let _ = writeln!(self.text, "\n[{header}]");
            }
            self.sections(child, &header, &join(path, name))?;
        }
        Ok(())
    }
}

fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { string(name) }
}

fn inline(value: &Value, path: &str) -> Result<String, ConfigError> {
    let message = || format!("TOML holds integers of 64 bits, found {value}");
    Ok(match value {
        Value::Null => string(NULL),
        Value::Bool(truth) => truth.to_string(),
        Value::Integer(number) => i64::try_from(*number)
            .map_err(|_| ConfigError::Value { path: path.to_owned(), message: message() })?
            .to_string(),
        Value::Float(number) if number.is_finite() => float_repr(*number),
        Value::Float(number) => number.to_string().to_lowercase(),
        Value::String(text) if is_quoted_null(text) => string(&format!("\"{text}\"")),
        Value::String(text) => string(text),
        Value::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| inline(item, path)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Table(table) => {
            let pairs =
                table.iter().map(|(name, value)| Ok(format!("{} = {}", key(name), inline(value, path)?)));
            let pairs: Result<Vec<_>, ConfigError> = pairs.collect();
            format!("{{ {} }}", pairs?.join(", "))
        }
    })
}

fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character if character.is_ascii_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
