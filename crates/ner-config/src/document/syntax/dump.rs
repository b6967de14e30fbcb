//! The values of a `.cfg` file: JSON as Python writes it.

use std::fmt::{self, Write};

use crate::Value;

/// JSON as Python's `json.dumps` writes it: ASCII, a blank after each comma and colon.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Float(number) => f.write_str(&float(*number)),
            Value::String(text) => write_string(f, text),
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
                    write_string(f, key)?;
                    write!(f, ": {value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            ' '..='~' => f.write_char(character)?,
            _ => {
                character.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?
            }
        }
    }
    f.write_char('"')
}

/// The shortest text that reads back as `number`, in the form of Python's `repr`.
pub(crate) fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format writes an exponent");
    // Python's `repr` has exponents for these sizes, with two digits at least; Rust's `{:?}` agrees in between.
    match exponent.parse().expect("the format writes a decimal exponent") {
        -4..16 => format!("{number:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, i32::abs(exponent)),
    }
}
