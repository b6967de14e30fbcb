//! The values of a `.cfg` file: JSON as Python writes it.

use std::fmt::{self, Write};

use ner_cpython::{float_repr, json_string};

use crate::Value;

/// JSON as Python's `json.dumps` writes it: ASCII, a blank after each comma and colon.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Float(number) => f.write_str(&float_repr(*number)),
            Value::String(text) => f.write_str(&json_string(text)),
            Value::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
                }
                f.write_char(']')
            }
            Value::Table(table) => {
                f.write_char('{')?;
                for (index, (key, value)) in table.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    write!(f, "{}: {value}", json_string(key))?;
                }
                f.write_char('}')
            }
        }
    }
}
