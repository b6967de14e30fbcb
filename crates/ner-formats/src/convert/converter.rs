use std::str::FromStr;

use super::ConvertError;

/// A format that is read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Converter {
    /// CoNLL-U with entities in the last column.
    Conllubio,
    /// CoNLL-U.
    Conllu,
    /// A token a line in columns, the last one an IOB tag; blank lines between sentences.
    Conll,
    /// `Conll`, or `Iob` if the first lines look like that.
    Ner,
    /// A sentence a line of `word|TAG` or `word|POS|TAG`, or `Ner` if the first lines look like that.
    Iob,
    /// spaCy's training JSON.
    Json,
    /// A JSON object a line: text or tokens, and spans.
    Jsonl,
    /// Binary documents.
    Spacy,
}

impl Converter {
    const ALL: [Converter; 8] = [
        Converter::Conllubio,
        Converter::Conllu,
        Converter::Conll,
        Converter::Ner,
        Converter::Iob,
        Converter::Json,
        Converter::Jsonl,
        Converter::Spacy,
    ];

    /// The name, which is also the suffix of such files.
    pub fn name(self) -> &'static str {
        match self {
            Converter::Conllubio => "conllubio",
            Converter::Conllu => "conllu",
            Converter::Conll => "conll",
            Converter::Ner => "ner",
            Converter::Iob => "iob",
            Converter::Json => "json",
            Converter::Jsonl => "jsonl",
            Converter::Spacy => "spacy",
        }
    }

    /// The converter of a name; `None` for `auto`, which goes by the files.
    #[cfg(feature = "clap")]
    pub(super) fn or_auto(name: &str) -> Result<Option<Converter>, ConvertError> {
        if name == "auto" { Ok(None) } else { name.parse().map(Some) }
    }
}

impl FromStr for Converter {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<Converter, ConvertError> {
        let named = Converter::ALL.into_iter().find(|converter| converter.name() == name);
        named.ok_or_else(|| ConvertError::UnknownConverter(name.to_owned()))
    }
}

/// A format that is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FileType {
    /// Binary documents.
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
