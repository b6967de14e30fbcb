use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use ner_doc::{Doc, DocError};

use crate::FormatError;
use crate::account::OutputAccount;

/// How a format is written.
pub(crate) struct Writer {
    /// The suffix of files; that of the input is taken off for it.
    pub(crate) suffix: &'static str,
    pub(crate) medium: Medium,
    pub(crate) new: fn() -> Box<dyn DocWriter>,
    /// The same for entities that a program found and somebody is to look at, where the format tells these apart.
    pub(crate) predictions: Option<fn() -> Box<dyn DocWriter>>,
}

/// Where a format can be written to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// A file or a stream of text.
    Text,
    /// A file.
    Binary,
    /// A folder of files.
    Folder,
}

impl Writer {
    /// A format that is text.
    pub(crate) const fn text(suffix: &'static str, new: fn() -> Box<dyn DocWriter>) -> Writer {
        Writer { suffix, medium: Medium::Text, new, predictions: None }
    }
}

/// Collects the documents of one file.
pub(crate) trait DocWriter {
    /// Adds a document, and counts what the format cannot say of it.
    fn add(&mut self, doc: &Doc, account: &mut OutputAccount) -> Result<(), DocError>;

    /// The documents of the file, as its format counts them.
    fn n_documents(&self) -> usize;

    /// Writes the file; `path` is its name in errors.
    fn write(&self, writer: &mut dyn Write, path: &Path) -> Result<(), FormatError>;

    /// Creates or replaces what is to stand at `path`.
    fn save(&self, path: &Path) -> Result<(), FormatError> {
        ner_files::write(path, |file| self.write(file, path))
    }
}

/// The text that a document becomes.
pub(crate) type ToText = fn(&Doc, &mut OutputAccount) -> Result<String, DocError>;

/// Texts of documents, one after the other.
pub(crate) struct Texts {
    to_text: ToText,
    /// What stands before the first, between two, and after the last.
    frame: [&'static str; 3],
    written: String,
    n_docs: usize,
}

impl Texts {
    /// Texts with nothing between them.
    pub(crate) fn of(to_text: ToText) -> Box<dyn DocWriter> {
        Texts::framed(to_text, ["", "", ""])
    }

    /// Texts as a list.
    pub(crate) fn framed(to_text: ToText, frame: [&'static str; 3]) -> Box<dyn DocWriter> {
        Box::new(Texts { to_text, frame, written: String::new(), n_docs: 0 })
    }
}

impl DocWriter for Texts {
    fn add(&mut self, doc: &Doc, account: &mut OutputAccount) -> Result<(), DocError> {
        let text = (self.to_text)(doc, account)?;
        let joint = if self.n_docs == 0 { self.frame[0] } else { self.frame[1] };
        write!(self.written, "{joint}{text}").expect("a string takes any text");
        self.n_docs += 1;
        Ok(())
    }

    fn n_documents(&self) -> usize {
        self.n_docs
    }

    fn write(&self, writer: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        let begin = if self.n_docs == 0 { self.frame[0] } else { "" };
        write!(writer, "{begin}{}{}", self.written, self.frame[2]).map_err(FormatError::io(path))
    }
}
