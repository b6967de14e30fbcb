use std::fmt;

use serde_json::Value;

use super::job::Job;
use super::writer::Writer;
use crate::read::ReadOptions;
use crate::record::Record;
use crate::source::{Sample, Source};
use crate::{FormatError, Place};

/// A format of annotated text: a row of the table that detection, help and documentation share.
pub struct Format {
    /// The name, in options and configs.
    pub name: &'static str,
    /// The suffixes of such files, in small letters.
    pub suffixes: &'static [&'static str],
    /// The programs that write it, and what it is, in half a line.
    pub about: &'static str,
    /// Whether a file that begins so is of this format; asked in the order of the table.
    pub(crate) looks_like: fn(&Sample<'_>) -> bool,
    pub(crate) reader: Reader,
    /// `None`: it is only read.
    pub(crate) writer: Option<Writer>,
}

/// The records of a file, or the errors in their place.
pub(crate) type Records = Vec<Result<Record, FormatError>>;

/// How a format is read.
pub(crate) enum Reader {
    /// JSON values, one after the other: the lines of a file, the elements of its list, or the file itself.
    Json(fn(&Place, &Value, &ReadOptions) -> Result<Vec<Record>, FormatError>),
    /// A text as a whole, of which records are made.
    Text(fn(&Source, &ReadOptions) -> Result<Records, FormatError>),
    /// A text as a whole, of which documents are made, with their syntax.
    Docs(fn(&mut Job<'_>) -> Result<(), FormatError>),
    /// spaCy's binary documents.
    DocBin,
}

impl Format {
    /// Whether its records may be texts without tokens.
    pub(crate) fn has_texts(&self) -> bool {
        matches!(self.reader, Reader::Json(_) | Reader::Text(_))
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
