use std::fmt;
use std::str::FromStr;

use super::ConvertError;
use crate::formats::{DocWriter, Medium, Writer};
use crate::{FORMATS, Format};

/// A format that is written.
#[derive(Copy, Clone)]
pub struct FileType {
    format: &'static Format,
    writer: &'static Writer,
}

impl FileType {
    /// All of them, in the order of the table of formats.
    pub fn all() -> impl Iterator<Item = FileType> {
        FORMATS.iter().filter_map(|format| Some(FileType { format, writer: format.writer.as_ref()? }))
    }

    /// The names of those that are meant.
    fn names(is_meant: fn(FileType) -> bool) -> String {
        let file_types = FileType::all().filter(|file_type| is_meant(*file_type));
        file_types.map(FileType::name).collect::<Vec<_>>().join(", ")
    }

    /// The name of the format.
    pub fn name(self) -> &'static str {
        self.format.name
    }

    /// The suffix of such files; empty if they are a folder.
    pub fn suffix(self) -> &'static str {
        self.writer.suffix
    }

    /// Whether the format tells predictions from annotation.
    pub(super) fn has_predictions(self) -> bool {
        self.writer.predictions.is_some()
    }

    pub(super) fn medium(self) -> Medium {
        self.writer.medium
    }

    /// A writer without documents.
    pub(super) fn writer(self, of_predictions: bool) -> Result<Box<dyn DocWriter>, ConvertError> {
        let new = if of_predictions { self.writer.predictions } else { Some(self.writer.new) };
        let known = || FileType::names(FileType::has_predictions);
        new.map(|new| new()).ok_or_else(|| ConvertError::NoPredictions { name: self.name(), known: known() })
    }
}

impl Default for FileType {
    fn default() -> FileType {
        FileType::all().next().expect("the table begins with spaCy's own format")
    }
}

impl FromStr for FileType {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<FileType, ConvertError> {
        let named = FileType::all().find(|file_type| file_type.name() == name);
        let known = || FileType::names(|_| true);
        named.ok_or_else(|| ConvertError::UnknownFileType { name: name.to_owned(), known: known() })
    }
}

impl PartialEq for FileType {
    fn eq(&self, other: &FileType) -> bool {
        self.format == other.format
    }
}

impl Eq for FileType {}

impl fmt::Debug for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
