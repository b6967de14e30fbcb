//! The values of a `.cfg` file: JSON as Python writes it.

use crate::Value;
use std::fmt::{self, Write};

/// JSON as Python's `json.dumps` writes it: ASCII, a blank after each comma and colon.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Null => formatter.write_str("null"),
            Value::Bool(truth) => write!(formatter, "{truth}"),
            Value::Integer(number) => write!(formatter, "{number}"),
            Value::Float(number) => formatter.write_str(&float(*number)),
            Value::String(text) => write_string(formatter, text),
            Value::List(items) => {
                formatter.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(formatter, "{}{item}", if index > 0 { ", " } else { "" })?;
                }
                formatter.write_char(']')
            }
            Value::Table(table) => {
                formatter.write_char('{')?;
                for (index, (key, value)) in table.iter().enumerate() {
                    formatter.write_str(if index > 0 { ", " } else { "" })?;
                    write_string(formatter, key)?;
                    write!(formatter, ": {value}")?;
                }
                formatter.write_char('}')
            }
        }
    }
}

fn write_string(formatter: &mut fmt::Formatter, text: &str) -> fmt::Result {
    formatter.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(formatter, "\\{character}")?,
            '\u{8}' => formatter.write_str("\\b")?,
            '\u{c}' => formatter.write_str("\\f")?,
            '\n' => formatter.write_str("\\n")?,
            '\r' => formatter.write_str("\\r")?,
            '\t' => formatter.write_str("\\t")?,
            ' '..='\u{7f}' => formatter.write_char(character)?,
            _ => character
                .encode_utf16(&mut [0; 2])
                .iter()
                .try_for_each(|unit| write!(formatter, "\\u{unit:04x}"))?,
        }
    }
    formatter.write_char('"')
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
    match exponent.parse().expect("the format writes a decimal exponent") {
        -4..16 => format!("{number:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, i32::abs(exponent)),
    }
}
