use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// A value as `srsly.json_dumps` writes it: on one line without spaces, in ASCII alone, and with no more than ten
/// decimal places. `value` may hold anything whose keys are strings.
pub fn srsly_json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut bytes = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, OnOneLine))
        .expect("memory takes every byte, and every value with keys that are strings is JSON");
    String::from_utf8(bytes).expect("it is ASCII")
}

struct OnOneLine;

impl Formatter for OnOneLine {
    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        write_float(writer, number)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_ascii(writer, fragment)
    }
}

/// Writes a part of a string in which nothing but characters beyond ASCII is to be escaped.
pub(super) fn write_ascii<W: Write + ?Sized>(writer: &mut W, fragment: &str) -> io::Result<()> {
    for part in fragment.split_inclusive(|c: char| !c.is_ascii()) {
        // A part is ASCII except for its last letter, which becomes one or two escapes: JSON's are UTF-16.
        let ascii = part.trim_end_matches(|c: char| !c.is_ascii());
        writer.write_all(ascii.as_bytes())?;
        for unit in part[ascii.len()..].encode_utf16() {
            write!(writer, "\\u{unit:04x}")?;
        }
    }
    Ok(())
}

/// Writes a finite number as ujson, srsly's writer, does: with at most ten decimal places, and with an exponent only if
/// it is huge. (Those that are not finite do not come here: serde_json writes `null`, ujson fails.)
pub(super) fn write_float<W: Write + ?Sized>(writer: &mut W, number: f64) -> io::Result<()> {
    if number.abs() >= 1e16 {
        return write!(writer, "{number:e}");
    }
    // Adding 0 turns -0 into 0.
    let places = format!("{:.10}", number + 0.0);
    let digits = places.trim_end_matches('0');
    write!(writer, "{digits}{}", if digits.ends_with('.') { "0" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_ten_places() {
        // Written by srsly.json_dumps, but for NaN, at which it fails.
        let numbers = [0.1 + 0.2, 1e-11, 1.6e-10, -0.0, 12345.0, 1e15, 1e-3, f64::NAN];
        let texts = ["0.3", "0.0", "0.0000000002", "0.0", "12345.0", "1000000000000000.0", "0.001", "null"];
        assert_eq!(numbers.map(|number| srsly_json(&number)), texts);
    }
}
