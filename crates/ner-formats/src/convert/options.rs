use std::path::PathBuf;
use std::str::FromStr;

use super::ConvertError;
use crate::jsonl::JsonlSettings;

/// How to convert; the names are those of `spacy convert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertOptions {
    /// What to write.
    pub file_type: FileType,
    /// Sentences per document; 0 leaves documents as they are.
    pub n_sents: usize,
    /// Whether to find sentences where the file has none (token-per-line formats).
    pub seg_sents: bool,
    /// A pipeline to find sentences with; none is available yet, so naming one is an error where it would be used.
    pub model: Option<String>,
    /// Whether to append the morphological analysis to tags (CoNLL-U).
    pub morphology: bool,
    /// Whether to merge the words of a multi-word token into one (CoNLL-U).
    pub merge_subtokens: bool,
    /// What to read; `None` goes by the file's suffix and, for `ner` and `iob`, its first lines.
    pub converter: Option<Converter>,
    /// A JSON file that maps labels to labels, or to "" for no entity (CoNLL-U).
    pub ner_map: Option<PathBuf>,
    /// The language whose tokenizer splits texts that come without tokens (JSON Lines).
    pub lang: String,
    /// How records of JSON Lines become documents.
    pub jsonl: JsonlSettings,
    /// Whether all documents go into one file.
    pub concatenate: bool,
}

impl Default for ConvertOptions {
    fn default() -> ConvertOptions {
        ConvertOptions {
            file_type: FileType::Spacy,
            n_sents: 1,
            seg_sents: false,
            model: None,
            morphology: false,
            merge_subtokens: false,
            converter: None,
            ner_map: None,
            lang: "en".to_owned(),
            jsonl: JsonlSettings::default(),
            concatenate: false,
        }
    }
}

/// A format that is read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Converter {
    /// CoNLL-U with entities in the last column.
    Conllubio,
    /// CoNLL-U.
    Conllu,
    /// A token a line in columns, the last one an IOB tag; blank lines between sentences.
    Conll,
    /// The same as `Conll`, but looked at whether it is `Iob` in fact.
    Ner,
    /// A sentence a line of `word|TAG` or `word|POS|TAG`, but looked at whether it is `Ner` in fact.
    Iob,
    /// spaCy's training JSON.
    Json,
    /// A JSON object a line: text or tokens, and spans.
    Jsonl,
    /// Binary documents.
    Spacy,
}

impl FromStr for Converter {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<Converter, ConvertError> {
        Ok(match name {
            "conllubio" => Converter::Conllubio,
            "conllu" => Converter::Conllu,
            "conll" => Converter::Conll,
            "ner" => Converter::Ner,
            "iob" => Converter::Iob,
            "json" => Converter::Json,
            "jsonl" => Converter::Jsonl,
            "spacy" => Converter::Spacy,
            _ => return Err(ConvertError::UnknownConverter(name.to_owned())),
        })
    }
}

impl Converter {
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

impl FromStr for FileType {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<FileType, ConvertError> {
        Ok(match name {
            "spacy" => FileType::Spacy,
            "json" => FileType::Json,
            "jsonl" => FileType::Jsonl,
            _ => return Err(ConvertError::UnknownFileType(name.to_owned())),
        })
    }
}

impl FileType {
    /// The name, which is also the suffix of such files.
    pub fn name(self) -> &'static str {
        match self {
            FileType::Spacy => "spacy",
            FileType::Json => "json",
            FileType::Jsonl => "jsonl",
        }
    }
}
