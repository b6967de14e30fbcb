use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ner_cpython::universal_newlines;

use crate::{FormatError, Place};

/// A text file as a whole, which finds the line of each of its parts.
pub(crate) struct Source {
    file: Arc<Path>,
    text: String,
}

impl Source {
    /// Reads a file; line ends of all kinds become `\n`, as in Python.
    pub(crate) fn read(path: &Path) -> Result<Source, FormatError> {
        let mut bytes = Vec::new();
        ner_files::open(path)?.read_to_end(&mut bytes).map_err(FormatError::io(path))?;
        let file: Arc<Path> = path.into();
        let text = String::from_utf8(bytes).map_err(|error| {
            let n_lines =
                error.as_bytes()[..error.utf8_error().valid_up_to()].split(|&byte| byte == b'\n').count();
            FormatError::Malformed {
                place: Place::file(file.clone()).line(n_lines),
                message: "the text is not in UTF-8; convert the file to UTF-8".to_owned(),
                code: None,
            }
        })?;
        Ok(Source { file, text: universal_newlines(text) })
    }

    pub(crate) fn file(&self) -> &Arc<Path> {
        &self.file
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a part of the text starts.
    // By the address of the part: so that no parser has to carry line numbers along for errors that seldom arise. Lines
    // are counted when one does.
    pub(crate) fn place(&self, part: &str) -> Place {
        let offset =
            (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let n_line_ends = self.text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count();
        Place::file(self.file.clone()).line(n_line_ends + 1)
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
