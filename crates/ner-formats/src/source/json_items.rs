use std::io::BufRead;
use std::iter::Enumerate;
use std::ops::Range;
use std::vec;

use serde_json::Value;

use super::json_lines::{JsonLines, json_problem};
use super::json_parts::Parts;
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
    Whole(WholeItems),
}

impl JsonItems {
    /// The items of a file, laid out as its first bytes show.
    pub(crate) fn of(opened: Opened) -> Result<JsonItems, FormatError> {
        let sample = Sample::of(opened.file(), opened.head(), opened.is_all_head());
        let is_named_lines = matches!(sample.suffix().as_str(), "jsonl" | "ndjson");
        match sample.json {
            Some((Layout::Lines, _)) => Ok(JsonItems::lines(opened)),
            Some((Layout::Whole, _)) => Ok(JsonItems::Whole(WholeItems::of(opened.into_source()?)?)),
            // Damaged, or no JSON at all: the error is about the line in a file that should hold a record a line.
            None if is_named_lines => Ok(JsonItems::lines(opened)),
            None => Ok(JsonItems::Whole(WholeItems::of(opened.into_source()?)?)),
        }
    }

    fn lines(opened: Opened) -> JsonItems {
        let file = opened.file().clone();
        JsonItems::Lines(JsonLines::new(opened.into_reader(), file))
    }
}

impl Iterator for JsonItems {
    type Item = Result<(Place, Value), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            JsonItems::Lines(lines) => lines.next(),
            JsonItems::Whole(items) => items.next(),
        }
    }
}

/// The items of a text that is one JSON value, or several over some lines each.
pub(crate) struct WholeItems {
    source: Source,
    /// The bounds of the items that are still to come.
    items: Enumerate<vec::IntoIter<Range<usize>>>,
    /// Whether all items stand on one line, so that their numbers tell more than it does.
    is_one_line: bool,
    /// The line of the item before, and where that starts: lines are counted as items are taken.
    line: usize,
    offset: usize,
}

impl WholeItems {
    /// Fails before the first item if any part of the text is not JSON.
    fn of(source: Source) -> Result<WholeItems, FormatError> {
        let range = |item: &str| {
            let start = source.offset(item);
            start..start + item.len()
        };
        let items: Vec<_> = items_of(&source)?.into_iter().map(range).collect();
        let is_one_line = match items.as_slice() {
            [first, .., last] => !source.text()[first.start..last.start].contains('\n'),
            _ => false,
        };
        Ok(WholeItems { source, items: items.into_iter().enumerate(), is_one_line, line: 1, offset: 0 })
    }
}

impl Iterator for WholeItems {
    type Item = Result<(Place, Value), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (index, range) = self.items.next()?;
        let text = self.source.text();
        self.line += text[self.offset..range.start].bytes().filter(|&byte| byte == b'\n').count();
        self.offset = range.start;
        let place = self.source.first().line(self.line);
        let place = if self.is_one_line { place.document(index + 1) } else { place };
        // That it is JSON was seen, but not that its numbers and its escapes stand for something.
        let item = &text[range];
        Some(match serde_json::from_str(item) {
            Ok(value) => Ok((place, value)),
            Err(error) => {
                let line = item.lines().nth(error.line() - 1).unwrap_or_default();
                let message = format!("not JSON: {}", json_problem(&error, line));
                let line = self.line + error.line() - 1;
                Err(FormatError::Malformed { place: place.line(line), message, code: None })
            }
        })
    }
}

/// The texts of the items of a file that is one JSON value, or several one after the other. The file is parsed to its
/// end, so that nothing of a damaged one is taken.
pub(crate) fn items_of(source: &Source) -> Result<Vec<&str>, FormatError> {
    let parts = Parts::of(source.text());
    let Some(error) = &parts.error else { return Ok(parts.items) };
    let n_whole = parts.items.len();
    let place = source.first().line(error.line()).column(error.column());
    let problem = json_problem(error, source.line(error.line()));
    let behind = parts.items.last().map_or("", |last| &source.text()[source.offset(last) + last.len()..]);
    let inside = match (parts.is_list, error.is_eof()) {
        (true, true) if !parts.items.is_empty() && behind.trim().is_empty() => {
            format!("; the ] behind record {n_whole} is missing: add it if that is the last one")
        }
        (true, true) => format!("; the file ends inside record {}: it was cut short", n_whole + 1),
        (true, false) => format!("; records in order before it: {n_whole}"),
        (false, true) => "; the file ends too early: it was cut short".to_owned(),
        // JSON Lines as people write them who copy them out of a list.
        (false, false)
            if source.line(error.line()).as_bytes().get(error.column().saturating_sub(1)) == Some(&b',') =>
        {
            "; write no comma between records, or put [ and ] around all of them".to_owned()
        }
        (false, false) => String::new(),
    };
    Err(FormatError::Malformed { place, message: format!("not JSON: {problem}{inside}"), code: None })
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
        check("", "");
        check("{\"a\": 1}\n\n{\"a\":\n2}", "{\"a\": 1} {\"a\":\n2}");
    }

    #[test]
    fn damage_is_named_with_its_place() {
        check(
            "[{\"a\": 1},\n{\"b\": ",
            "a.json:2:6: not JSON: EOF while parsing a value; the file ends inside record 2: it was cut short",
        );
        check(
            "[{\"a\": 1}\n{\"b\": 2}]",
            "a.json:2:1: not JSON: expected `,` or `]`; records in order before it: 1",
        );
        check("{\"a\": 1}\n]", "a.json:2:1: not JSON: expected value");
        check(
            "[{\"a\": 1}]\n<<<<<<< HEAD\n[]",
            "a.json:2:1: not JSON: this is a conflict mark of git; resolve the conflict and keep one side; records in order before it: 1",
        );
    }
    #[test]
    fn numbers_and_escapes_that_stand_for_nothing_are_named() {
        let text = "[{\"a\": 1},\n{\"b\": 1e999},\n\"\\ud800\", 2]".to_owned();
        let items = WholeItems::of(Source::of(text, Path::new("a.json"))).unwrap();
        let shown = items.map(|item| match item {
            Ok((place, value)) => format!("{place}: {value}"),
            Err(error) => error.to_string(),
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "a.json:1: {\"a\":1}",
                "a.json:2: not JSON: number out of range",
                "a.json:3: not JSON: unexpected end of hex escape",
                "a.json:3: 2"
            ]
        );
    }
}
