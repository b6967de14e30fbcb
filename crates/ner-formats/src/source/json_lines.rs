use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::{FormatError, Place};

/// The values of JSON Lines with their places. Blank lines are passed over; after a line that cannot be read, the next
/// call continues.
pub struct JsonLines<R> {
    lines: R,
    buffer: Vec<u8>,
    file: Arc<Path>,
    line: usize,
    has_ended: bool,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: BufRead> JsonLines<R> {
    /// Reads from `lines`; `file` is their name in errors.
    pub fn new(lines: R, file: impl Into<Arc<Path>>) -> JsonLines<R> {
        JsonLines { lines, buffer: Vec::new(), file: file.into(), line: 0, has_ended: false }
    }

    fn next_value(&mut self) -> Result<Option<(Place, Value)>, FormatError> {
        while !self.has_ended {
            self.buffer.clear();
            let n_bytes = self.lines.read_until(b'\n', &mut self.buffer);
            self.has_ended = !n_bytes.as_ref().is_ok_and(|&n_bytes| n_bytes > 0);
            n_bytes.map_err(FormatError::io(&self.file))?;
            self.line += 1;
            // In any line, since a file with a mark may have been appended to another.
            let line = self.buffer.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&self.buffer).trim_ascii_end();
            if !line.is_empty() {
                let place = Place::file(self.file.clone()).line(self.line);
                return parse(line, &place).map(|value| Some((place, value)));
            }
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<(Place, Value), FormatError>;

    fn next(&mut self) -> Option<Result<(Place, Value), FormatError>> {
        self.next_value().transpose()
    }
}

fn parse(line: &[u8], place: &Place) -> Result<Value, FormatError> {
    let line = utf8(line, place)?;
    serde_json::from_str(line).map_err(|error| {
        // The mistakes that people make who write JSON Lines by hand or print a list of records.
        let hint = match (error.is_eof(), line.as_bytes().last()) {
            (false, Some(b',')) => "write no comma between records",
            (true, _) if matches!(line.trim(), "[" | "{") => {
                "write each record on one line, without [ and ] around them"
            }
            _ => "each line must hold one record",
        };
        FormatError::Malformed {
            place: place.clone().column(error.column()),
            message: format!("not JSON: {}; {hint}", json_problem(&error, line)),
            code: None,
        }
    })
}

/// The fault that a JSON parser found, without its position; `line` is the one that it lies in.
pub(super) fn json_problem(error: &serde_json::Error, line: &str) -> String {
    let message = error.to_string();
    let problem = message.split(" at line ").next().unwrap_or_default().to_owned();
    // What Python's json module and pandas write for a missing number.
    let at = line.get(error.column().saturating_sub(1)..).unwrap_or_default();
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| at.starts_with(mark)) {
        return "this is a conflict mark of git; resolve the conflict and keep one side".to_owned();
    }
    match ["NaN", "-Infinity", "Infinity"].into_iter().find(|name| at.starts_with(name)) {
        Some(name) => {
            format!("{name} is not JSON (an empty cell of a table?); write null or leave the key away")
        }
        None => problem,
    }
}

/// The text of a line.
pub(crate) fn utf8<'a>(line: &'a [u8], place: &Place) -> Result<&'a str, FormatError> {
    str::from_utf8(line).map_err(|error| {
        let column = error.valid_up_to() + 1;
        not_utf8(place.clone().column(column), line[error.valid_up_to()])
    })
}

/// The error about a byte that is not UTF-8.
pub(super) fn not_utf8(place: Place, byte: u8) -> FormatError {
    FormatError::Malformed {
        place,
        message: format!(
            "the text is not in UTF-8 (byte {byte:#04x}); convert the file to UTF-8, or say --encoding windows-1252 \
             if it is of that encoding"
        ),
        code: None,
    }
}
