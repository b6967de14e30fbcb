use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use super::json_lines::utf8;
use crate::{FormatError, Place};

/// The lines of a text with their places, empty ones included: where each line is a text of its own, an empty one has its
/// place among the results. `\n` and `\r\n` end a line. After a line that is not text, the next call continues.
pub struct EveryLine<R> {
    lines: R,
    file: Place,
    n_lines: usize,
}

impl<R: BufRead> EveryLine<R> {
    /// Reads from `lines`; `file` is their name in errors.
    pub fn new(lines: R, file: impl Into<Arc<Path>>) -> EveryLine<R> {
        EveryLine { lines, file: Place::file(file), n_lines: 0 }
    }

    fn next_line(&mut self) -> Result<Option<(Place, String)>, FormatError> {
        let mut line = Vec::new();
        let n_bytes = self.lines.read_until(b'\n', &mut line).map_err(FormatError::io(&self.file.file))?;
        if n_bytes == 0 {
            return Ok(None);
        }
        self.n_lines += 1;
        let place = self.file.clone().line(self.n_lines);
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = utf8(line.strip_suffix(b"\r").unwrap_or(line), &place)?.to_owned();
        Ok(Some((place, line)))
    }
}

impl<R: BufRead> Iterator for EveryLine<R> {
    type Item = Result<(Place, String), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_line().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_are_lines_and_bad_ones_are_named() {
        let lines = EveryLine::new(&b"a\n\n caf\xe9\r\nb\r\n\r\nc"[..], Path::new("a.txt"));
        let lines: Vec<String> = lines
            .map(|line| match line {
                Ok((place, text)) => format!("{place} {text:?}"),
                Err(error) => error.to_string(),
            })
            .collect();
        let bad = "a.txt:3:5: the text is not in UTF-8 (byte 0xe9); convert the file to UTF-8, or say --encoding \
                   windows-1252 if it is of that encoding";
        let expected =
            ["a.txt:1 \"a\"", "a.txt:2 \"\"", bad, "a.txt:4 \"b\"", "a.txt:5 \"\"", "a.txt:6 \"c\""];
        assert_eq!(lines, expected);
    }
}
