use std::str::FromStr;

use super::ConvertError;

/// A format that is written.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum FileType {
    /// Binary documents.
    #[default]
    Spacy,
    /// spaCy's training JSON.
    Json,
    /// A JSON object a line.
    Jsonl,
}

impl FileType {
    const ALL: [FileType; 3] = [FileType::Spacy, FileType::Json, FileType::Jsonl];

    /// The name, which is also the suffix of such files.
    pub fn name(self) -> &'static str {
        match self {
            FileType::Spacy => "spacy",
            FileType::Json => "json",
            FileType::Jsonl => "jsonl",
        }
    }
}

impl FromStr for FileType {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<FileType, ConvertError> {
        let named = FileType::ALL.into_iter().find(|file_type| file_type.name() == name);
        named.ok_or_else(|| ConvertError::UnknownFileType(name.to_owned()))
    }
}
