use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::{FormatError, Place};

/// The values of JSON Lines with their line numbers. Blank lines are passed over; after a line that cannot be read, the
/// next call continues.
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

    fn next_value(&mut self) -> Result<Option<(usize, Value)>, FormatError> {
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
                return parse(line, &place).map(|value| Some((self.line, value)));
            }
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<(usize, Value), FormatError>;

    fn next(&mut self) -> Option<Result<(usize, Value), FormatError>> {
        self.next_value().transpose()
    }
}

fn parse(line: &[u8], place: &Place) -> Result<Value, FormatError> {
    serde_json::from_str(utf8(line, place)?).map_err(|error| {
        let message = error.to_string();
        // Without the position within the line, which the place gives.
        let problem = message.split(" at line ").next().unwrap_or_default();
        FormatError::Malformed {
            place: place.clone().column(error.column()),
            message: format!("not JSON: {problem}; each line must hold one record"),
            code: None,
        }
    })
}

/// The text of a line.
pub(crate) fn utf8<'a>(line: &'a [u8], place: &Place) -> Result<&'a str, FormatError> {
    str::from_utf8(line).map_err(|error| FormatError::Malformed {
        place: place.clone().column(error.valid_up_to() + 1),
        message: "the line is not in UTF-8; convert the file to UTF-8".to_owned(),
        code: None,
    })
}
