use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json_lines::{JsonLines, json_problem};
use super::opened::Opened;
use super::sample::{Layout, Sample};
use super::text::Source;
use crate::{FormatError, Place};

/// The first JSON value of a file: of its first line, or of the list that it is; `None` for a file that is not JSON, null
/// for a value that is longer than the look-ahead.
pub fn first_json(opened: &Opened) -> Option<Value> {
    Some(Sample::of(opened.file(), opened.head(), opened.is_all_head()).json?.1)
}

/// The JSON values of a file, each with its place: one a line, or the elements of a list, or one alone. After a line that
/// cannot be read, the next call continues.
pub fn json_values(
    opened: Opened,
) -> Result<impl Iterator<Item = Result<(Place, Value), FormatError>> + Send, FormatError> {
    JsonItems::of(opened)
}

/// The same, for formats.
pub(crate) enum JsonItems {
    Lines(JsonLines<Box<dyn BufRead + Send>>),
    /// The text and the bounds of its items that are still to come, the next one last.
    Whole {
        source: Source,
        items: Vec<std::ops::Range<usize>>,
    },
}

impl JsonItems {
    /// The items of a file, laid out as its first bytes show.
    pub(crate) fn of(opened: Opened) -> Result<JsonItems, FormatError> {
        let sample = Sample::of(opened.file(), opened.head(), opened.is_all_head());
        let is_named_lines = matches!(sample.suffix().as_str(), "jsonl" | "ndjson");
        match sample.json {
            Some((Layout::Lines, _)) => Ok(JsonItems::lines(opened)),
            Some((Layout::Whole, _)) => JsonItems::of_source(opened.into_source()?),
            // Damaged, or no JSON at all: the error is about the line in a file that should hold a record a line.
            None if is_named_lines => Ok(JsonItems::lines(opened)),
            None => JsonItems::of_source(opened.into_source()?),
        }
    }

    fn lines(opened: Opened) -> JsonItems {
        let file = opened.file().clone();
        JsonItems::Lines(JsonLines::new(opened.into_reader(), file))
    }

    /// The items of a text that is one JSON value. Fails before the first item if any part of it is not JSON.
    pub(crate) fn of_source(source: Source) -> Result<JsonItems, FormatError> {
        let start = source.text().as_ptr() as usize;
        let range = |item: &str| {
            let begin = item.as_ptr() as usize - start;
            begin..begin + item.len()
        };
        let items = items_of(&source)?.into_iter().rev().map(range).collect();
        Ok(JsonItems::Whole { source, items })
    }
}

impl Iterator for JsonItems {
    type Item = Result<(Place, Value), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            JsonItems::Lines(lines) => lines.next(),
            JsonItems::Whole { source, items } => {
                let item = &source.text()[items.pop()?];
                let value = serde_json::from_str(item).expect("items were found by parsing them");
                Some(Ok((source.place(item), value)))
            }
        }
    }
}

/// The texts of the items of a file that is one JSON value: of a list its elements, anything else itself. The file is
/// parsed to its end, so that nothing of a damaged one is taken.
pub(crate) fn items_of(source: &Source) -> Result<Vec<&str>, FormatError> {
    let text = source.text();
    let mut items = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let is_list = text.trim_start().starts_with('[');
    let parsed = if is_list {
        (&mut json).deserialize_seq(Elements(&mut items))
    } else {
        <&RawValue as serde::Deserialize>::deserialize(&mut json).map(|value| items.push(value.get()))
    };
    parsed.and_then(|()| json.end()).map_err(|error| {
        let n_whole = items.len();
        let place = source.first().line(error.line()).column(error.column());
        let problem = json_problem(&error, source.line(error.line()));
        let inside = match (is_list, error.is_eof()) {
            (true, true) => format!("; the file ends inside record {}: it was cut short", n_whole + 1),
            (true, false) => format!("; {n_whole} records before it are in order"),
            (false, true) => "; the file ends too early: it was cut short".to_owned(),
            (false, false) => String::new(),
        };
        FormatError::Malformed { place, message: format!("not JSON: {problem}{inside}"), code: None }
    })?;
    Ok(items)
}

/// Collects the elements of a list, and keeps those that came before an error.
struct Elements<'a, 'de>(&'a mut Vec<&'de str>);

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element_seed(Element)? {
            self.0.push(element);
        }
        Ok(())
    }
}

struct Element;

impl<'de> DeserializeSeed<'de> for Element {
    type Value = &'de str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'de str, D::Error> {
        <&RawValue as serde::Deserialize>::deserialize(deserializer).map(RawValue::get)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let source = Source::of(text.to_owned(), Path::new("a.json"));
        let found = match items_of(&source) {
            Ok(items) => items.join(" "),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_list_gives_its_elements_and_anything_else_itself() {
        check(r#"[{"a": [{}]}, {"b": "]}\""}]"#, r#"{"a": [{}]} {"b": "]}\""}"#);
        check(" {\"a\": 1}\n", r#"{"a": 1}"#);
        check("[]", "");
    }

    #[test]
    fn damage_is_named_with_its_place() {
        check(
            "[{\"a\": 1},\n{\"b\": ",
            "a.json:2:6: not JSON: EOF while parsing a value; the file ends inside record 2: it was cut short",
        );
        check(
            "[{\"a\": 1}\n{\"b\": 2}]",
            "a.json:2:1: not JSON: expected `,` or `]`; 1 records before it are in order",
        );
        check("{\"a\": 1}\n]", "a.json:2:1: not JSON: trailing characters");
    }
}
