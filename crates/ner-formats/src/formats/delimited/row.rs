use csv::StringRecord;

use crate::source::Source;
use crate::{FormatError, Place};

/// A row: its place in the file, whether blank lines stand before it, and its cells.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) follows_blank: bool,
    pub(super) cells: StringRecord,
}

/// Where a row stands.
pub(super) fn place(source: &Source, row: &Row) -> Place {
    source.first().line(row.line)
}

/// An error about a row.
pub(super) fn error(source: &Source, row: &Row, message: String) -> FormatError {
    FormatError::Malformed { place: place(source, row), message, code: None }
}
