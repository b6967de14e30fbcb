use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use super::srsly::{write_ascii, write_float};

/// Writes a value as `srsly.json_dumps(value, indent=2)` does: two spaces a level, no space after a colon, empty lists
/// and objects over three lines; strings and numbers as in [`srsly_json`](super::srsly_json).
pub fn write_indented_srsly_json(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(writer, Indented::new()))?)
}

struct Indented {
    pretty: PrettyFormatter<'static>,
    depth: usize,
    is_empty: bool,
}

impl Indented {
    fn new() -> Indented {
        Indented { pretty: PrettyFormatter::new(), depth: 0, is_empty: false }
    }

    /// Writes the empty line of a list or an object that has nothing in it.
    fn end_empty<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        match std::mem::take(&mut self.is_empty) {
            true => write!(writer, "\n\n{:width$}", "", width = 2 * self.depth),
            false => Ok(()),
        }
    }
}

impl Formatter for Indented {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        self.pretty.begin_array(writer)
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        self.end_empty(writer)?;
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.is_empty = false;
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        self.pretty.begin_object(writer)
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        self.end_empty(writer)?;
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.is_empty = false;
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b":")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }

    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        write_float(writer, number)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_ascii(writer, fragment)
    }

    fn write_char_escape<W: Write + ?Sized>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.pretty.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_are_laid_out_as_by_srsly() {
        let mut bytes = Vec::new();
        write_indented_srsly_json(
            &mut bytes,
            &serde_json::json!({"a": [], "b": {}, "c": [0.8999999761581421]}),
        )
        .unwrap();
        // Written by srsly 2.5.6.
        let expected = "{\n  \"a\":[\n\n  ],\n  \"b\":{\n\n  },\n  \"c\":[\n    0.8999999762\n  ]\n}";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
