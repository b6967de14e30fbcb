use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use super::json_lines::utf8;
use crate::{FormatError, Place};

/// The lines of a text file that are not empty, each with its place. `\n`, `\r\n` and `\r` end a line, as in Python.
pub struct TextLines<R> {
    lines: R,
    file: Place,
    n_lines: usize,
    buffer: Vec<u8>,
    /// The text up to a `\n`, and how much of it was given out.
    line: String,
    n_taken: usize,
}

impl<R: BufRead> TextLines<R> {
    /// Reads from `lines`; `file` is their name in errors.
    pub fn new(lines: R, file: impl Into<Arc<Path>>) -> TextLines<R> {
        let (file, line) = (Place::file(file), String::new());
        TextLines { lines, file, n_lines: 0, buffer: Vec::new(), line, n_taken: 0 }
    }

    fn place(&self) -> Place {
        self.file.clone().line(self.n_lines)
    }

    fn next_text(&mut self) -> Result<Option<String>, FormatError> {
        loop {
            // A cursor moves over the line, for a file of old Macs is a single one: copying the rest at each `\r` would
            // take time with the square of its length.
            let rest = self.line[self.n_taken..].trim_start_matches('\r');
            let length = rest.find('\r').unwrap_or(rest.len());
            if length > 0 {
                self.n_taken = self.line.len() - rest.len() + length;
                return Ok(Some(rest[..length].to_owned()));
            }
            if !self.read_line()? {
                return Ok(None);
            }
        }
    }

    /// Reads the text up to the next `\n`; false at the end of the file.
    fn read_line(&mut self) -> Result<bool, FormatError> {
        self.buffer.clear();
        self.line.clear();
        self.n_taken = 0;
        let n_bytes = self.lines.read_until(b'\n', &mut self.buffer);
        if n_bytes.map_err(FormatError::io(&self.file.file))? == 0 {
            return Ok(false);
        }
        self.n_lines += 1;
        let line = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        self.line.push_str(utf8(line, &self.place())?);
        Ok(true)
    }
}

impl<R: BufRead> Iterator for TextLines<R> {
    type Item = Result<(Place, String), FormatError>;

    fn next(&mut self) -> Option<Result<(Place, String), FormatError>> {
        let text = self.next_text().transpose()?;
        Some(text.map(|text| (self.place(), text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], expected: &[(&str, &str)]) {
        let lines = TextLines::new(text, Path::new("a.txt")).map(|line| match line {
            Ok((place, text)) => (place.to_string(), text),
            Err(error) => (error.to_string(), String::new()),
        });
        let lines: Vec<_> = lines.collect();
        let lines: Vec<_> = lines.iter().map(|(place, text)| (place.as_str(), text.as_str())).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn line_ends_of_all_kinds_end_a_line() {
        check(b"a\nb\r\nc\rd", &[("a.txt:1", "a"), ("a.txt:2", "b"), ("a.txt:3", "c"), ("a.txt:3", "d")]);
    }

    #[test]
    fn empty_lines_are_left_out() {
        check(b"\n\r\r\n\n a \r", &[("a.txt:4", " a ")]);
        check(b"", &[]);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_an_error_and_the_next_call_reads_on() {
        let error = "a.txt:2:2: the text is not in UTF-8 (byte 0xff); convert the file to UTF-8, or say --encoding \
             windows-1252 if it is of that encoding";
        check(b"a\nb\xff\nc", &[("a.txt:1", "a"), (error, ""), ("a.txt:3", "c")]);
    }

    #[test]
    fn a_file_with_nothing_but_carriage_returns_is_read_in_linear_time() {
        // With a copy of the rest for each line this takes minutes.
        let text = "word\r".repeat(1 << 18);
        assert_eq!(TextLines::new(text.as_bytes(), Path::new("a.txt")).count(), 1 << 18);
    }
}
