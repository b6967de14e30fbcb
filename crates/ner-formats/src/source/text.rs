use std::path::Path;
use std::sync::Arc;

use ner_cpython::universal_newlines;

use super::json_lines::not_utf8;
use crate::{FormatError, Place};

/// A text file as a whole, which finds the line of each of its parts.
#[derive(Debug)]
pub(crate) struct Source {
    file: Arc<Path>,
    text: String,
}

impl Source {
    /// The text of a file's bytes; line ends of all kinds become `\n`, as in Python. Fails where it is not UTF-8.
    pub(crate) fn from_bytes(bytes: Vec<u8>, file: impl Into<Arc<Path>>) -> Result<Source, FormatError> {
        let file = file.into();
        let text = universal_newlines(whole_text(bytes, &file)?);
        Ok(Source { file, text })
    }

    /// A text that was in memory; `file` is its name in errors.
    #[cfg(test)]
    pub(crate) fn of(text: String, file: impl Into<Arc<Path>>) -> Source {
        Source { file: file.into(), text: universal_newlines(text) }
    }

    /// The place of the file as a whole.
    pub(crate) fn first(&self) -> Place {
        Place::file(self.file.clone())
    }

    /// A line, counted from 1.
    pub(crate) fn line(&self, number: usize) -> &str {
        self.text.split('\n').nth(number.saturating_sub(1)).unwrap_or_default()
    }

    /// The last line, if no line end follows it; otherwise nothing.
    pub(crate) fn open_line(&self) -> &str {
        self.text.rsplit('\n').next().unwrap_or_default()
    }

    pub(crate) fn file(&self) -> &Arc<Path> {
        &self.file
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Where a part of the text starts.
    pub(crate) fn place(&self, part: &str) -> Place {
        Place::file(self.file.clone()).line(self.line_of(part))
    }

    /// The number of the line in which a part of the text starts, from 1.
    // By the address of the part: so that no parser has to carry line numbers along for errors that seldom arise. Lines
    // are counted when one does.
    pub(crate) fn line_of(&self, part: &str) -> usize {
        self.text.as_bytes()[..self.offset(part)].iter().filter(|&&byte| byte == b'\n').count() + 1
    }

    /// How many bytes there are before a part of the text.
    pub(crate) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// The column at which a part of the text starts, counted from 1 in bytes.
    pub(crate) fn column(&self, part: &str) -> usize {
        let before = &self.text[..self.offset(part)];
        before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1
    }

    /// An error about a part of the text.
    pub(crate) fn error(
        &self,
        part: &str,
        code: Option<&'static str>,
        message: impl Into<String>,
    ) -> FormatError {
        FormatError::Malformed { place: self.place(part), message: message.into(), code }
    }
}

/// The text of a file's bytes as they stand. Fails where it is not UTF-8.
pub(super) fn whole_text(bytes: Vec<u8>, file: &Arc<Path>) -> Result<String, FormatError> {
    String::from_utf8(bytes).map_err(|error| {
        let (before, byte) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let column = before.len() - before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let n_lines = before.split(|&byte| byte == b'\n').count();
        not_utf8(Place::file(file.clone()).line(n_lines).column(column + 1), byte[0])
    })
}
