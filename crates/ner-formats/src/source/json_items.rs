use std::io::BufRead;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::json_lines::{JsonLines, json_problem};
use super::opened::Opened;
use super::sample::{Layout, Sample};
use super::text::Source;
use crate::{FormatError, Place};

/// The JSON values of a file, each with its place: one a line, or the elements of a list, or one alone.
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
// Element by element, each parsed without being built, and only their places are held: a corpus of a gigabyte as a tree
// of values would take several.
pub(crate) fn items_of(source: &Source) -> Result<Vec<&str>, FormatError> {
    let text = source.text();
    let mut items = Items { source, offset: text.len() - text.trim_start().len(), found: Vec::new() };
    if !text.trim_start().starts_with('[') {
        items.take_value(false)?;
    } else {
        items.offset += 1;
        let mut is_first = true;
        while !(is_first && items.take_mark(b']')) {
            items.take_value(true)?;
            is_first = false;
            if items.take_mark(b']') {
                break;
            }
            if !items.take_mark(b',') {
                return Err(items.expected("`,` or `]`", true));
            }
        }
    }
    items.skip_blanks();
    if items.offset < text.len() { Err(items.expected("the end of the file", false)) } else { Ok(items.found) }
}

/// The items of a text that were found so far, and the place of the next.
struct Items<'a> {
    source: &'a Source,
    offset: usize,
    found: Vec<&'a str>,
}

impl<'a> Items<'a> {
    fn rest(&self) -> &'a str {
        &self.source.text()[self.offset..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.offset += rest.len() - rest.trim_ascii_start().len();
    }

    /// Takes a mark, if it comes next.
    fn take_mark(&mut self, mark: u8) -> bool {
        self.skip_blanks();
        let is_next = self.rest().as_bytes().first() == Some(&mark);
        self.offset += usize::from(is_next);
        is_next
    }

    /// Takes a value.
    fn take_value(&mut self, is_element: bool) -> Result<(), FormatError> {
        self.skip_blanks();
        let rest = self.rest();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(_)) => {
                let length = values.byte_offset();
                self.found.push(&rest[..length]);
                self.offset += length;
                Ok(())
            }
            Some(Err(error)) => {
                // The error counts from the start of the value.
                let start = self.source.place(rest).line.map_or(1, |line| line.get() as usize);
                let line = start + error.line() - 1;
                let column = error.column() + if error.line() == 1 { self.column() - 1 } else { 0 };
                let problem = json_problem(&error, self.source.line(line), column);
                Err(self.error(line, column, &problem, error.is_eof(), is_element))
            }
            None => Err(self.expected("a value", is_element)),
        }
    }

    /// The column of the next value, from 1.
    fn column(&self) -> usize {
        let before = &self.source.text()[..self.offset];
        self.offset - before.rfind('\n').map_or(0, |end| end + 1) + 1
    }

    fn expected(&self, expected: &str, is_element: bool) -> FormatError {
        let line = self.source.place(self.rest()).line.map_or(1, |line| line.get() as usize);
        let found: String = self.rest().chars().take(20).take_while(|c| *c != '\n').collect();
        let problem = match found.as_str() {
            "" => format!("expected {expected}"),
            found if found.starts_with("<<<<<<<") || found.starts_with("=======") || found.starts_with(">>>>>>>") => {
                format!("expected {expected}, found the mark {found:?} of a merge that was not finished")
            }
            found => format!("expected {expected}, found {found:?}"),
        };
        self.error(line, self.column(), &problem, self.rest().is_empty(), is_element)
    }

    fn error(&self, line: usize, column: usize, problem: &str, is_end: bool, is_element: bool) -> FormatError {
        let n_whole = self.found.len();
        let inside = match (is_element, is_end) {
            (true, true) => format!("; the file ends inside record {}: it was cut short", n_whole + 1),
            (true, false) => format!("; {n_whole} records before it are in order"),
            (false, true) => "; the file ends too early: it was cut short".to_owned(),
            (false, false) => String::new(),
        };
        let place = self.source.first().line(line).column(column);
        FormatError::Malformed { place, message: format!("not JSON: {problem}{inside}"), code: None }
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
            "a.json:2:1: not JSON: expected `,` or `]`, found \"{\\\"b\\\": 2}]\"; 1 records before it are in order",
        );
        check("{\"a\": 1}\n]", "a.json:2:1: not JSON: expected the end of the file, found \"]\"");
    }
}
