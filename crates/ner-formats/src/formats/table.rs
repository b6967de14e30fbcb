use std::str::FromStr;

use super::brat::BratWriter;
use super::docbin::DocBinWriter;
use super::prodigy::ProdigyWriter;
use super::training_json::TrainingDocument;
use super::{
    Format, Medium, Reader, Texts, Writer, argilla, bioc, brat, conllu, dataturks, delimited, doccano, gate,
    hugging_face, label_studio, prodigy, pubtator, rasa, rasa_json, records, token_lines, training_json,
    uima, webanno,
};

use crate::convert::ConvertError;

/// All formats. Detection asks them in this order, so that a narrow one stands before one that takes more.
pub static FORMATS: &[Format] = &[
    Format {
        name: "spacy",
        suffixes: &["spacy"],
        about: "spaCy's binary documents",
        looks_like: |sample| matches!(sample.bytes, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]),
        reader: Reader::DocBin,
        writer: Some(Writer {
            suffix: "spacy",
            medium: Medium::Binary,
            new: || Box::new(DocBinWriter::new()),
            predictions: None,
        }),
    },
    Format {
        name: "brat",
        suffixes: &["ann"],
        about: "brat's standoff annotation: an .ann file beside its .txt file",
        looks_like: brat::looks_like,
        reader: Reader::Text(brat::read),
        writer: Some(Writer {
            suffix: "",
            medium: Medium::Folder,
            new: || Box::new(BratWriter::new()),
            predictions: None,
        }),
    },
    Format {
        name: "webanno",
        suffixes: &[],
        about: "WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers",
        looks_like: webanno::looks_like,
        reader: Reader::Text(webanno::read),
        writer: None,
    },
    Format {
        name: "uima-json",
        suffixes: &[],
        about: "UIMA CAS JSON 0.4, of INCEpTION",
        looks_like: uima::looks_like_json,
        reader: Reader::Json(uima::read_json),
        writer: None,
    },
    Format {
        name: "uima-xmi",
        suffixes: &["xmi"],
        about: "UIMA CAS XMI, of INCEpTION and other tools of UIMA",
        looks_like: uima::looks_like_xmi,
        reader: Reader::Text(uima::read_xmi),
        writer: None,
    },
    Format {
        name: "gate",
        suffixes: &["xml"],
        about: "GATE's XML documents",
        looks_like: gate::looks_like,
        reader: Reader::Text(gate::read),
        writer: None,
    },
    Format {
        name: "bioc",
        suffixes: &["xml"],
        about: "BioC in XML: passages with annotations",
        looks_like: bioc::looks_like,
        reader: Reader::Text(bioc::read),
        writer: None,
    },
    Format {
        name: "pubtator",
        suffixes: &["pubtator"],
        about: "PubTator: title and abstract with a line for each mention",
        looks_like: pubtator::looks_like,
        reader: Reader::Text(pubtator::read),
        writer: None,
    },
    Format {
        name: "json",
        suffixes: &["json"],
        about: "spaCy's training JSON: documents of paragraphs of sentences of tokens",
        looks_like: training_json::looks_like,
        reader: Reader::Docs(training_json::convert),
        writer: Some(Writer::text("json", || Box::new(TrainingDocument::new()))),
    },
    Format {
        name: "json-spans",
        suffixes: &[],
        about: "training JSON of spaCy without tokens: paragraphs of a text with spans of characters",
        looks_like: training_json::looks_like_spans,
        reader: Reader::Json(training_json::read_spans),
        writer: None,
    },
    Format {
        name: "label-studio",
        suffixes: &[],
        about: "Label Studio's exports JSON and JSON-MIN",
        looks_like: label_studio::looks_like,
        reader: Reader::Json(label_studio::read),
        writer: Some(Writer {
            suffix: "json",
            medium: Medium::Text,
            new: label_studio::ANNOTATIONS,
            predictions: Some(label_studio::PREDICTIONS),
        }),
    },
    Format {
        name: "doccano",
        suffixes: &[],
        about: "doccano's exports of all ages, with relations or without",
        looks_like: doccano::looks_like,
        reader: Reader::Json(records::read),
        writer: Some(Writer::text("jsonl", || Texts::of(doccano::to_line))),
    },
    Format {
        name: "argilla",
        suffixes: &[],
        about: "Argilla's records of versions 1 and 2",
        looks_like: argilla::looks_like,
        reader: Reader::Json(argilla::read),
        writer: None,
    },
    Format {
        name: "prodigy",
        suffixes: &[],
        about: "Prodigy's annotated tasks, merged by text",
        looks_like: prodigy::looks_like,
        reader: Reader::Json(prodigy::read),
        writer: Some(Writer::text("jsonl", || Box::new(ProdigyWriter::new()))),
    },
    Format {
        name: "dataturks",
        suffixes: &[],
        about: "DataTurks' lines of content and annotation",
        looks_like: dataturks::looks_like,
        reader: Reader::Json(dataturks::read),
        writer: None,
    },
    Format {
        name: "rasa-json",
        suffixes: &[],
        about: "Rasa's training data as JSON",
        looks_like: rasa_json::looks_like,
        reader: Reader::Json(rasa_json::read),
        writer: None,
    },
    Format {
        name: "hugging-face",
        suffixes: &[],
        about: "rows of a data set, as the viewer of Hugging Face gives them",
        looks_like: hugging_face::looks_like,
        reader: Reader::Json(hugging_face::read),
        writer: None,
    },
    Format {
        name: "jsonl",
        suffixes: &["jsonl", "ndjson", "parquet"],
        about: "records of text or tokens with spans or tags, and pairs of a text and its annotation",
        looks_like: records::looks_like,
        reader: Reader::Json(records::read),
        writer: Some(Writer::text("jsonl", || Texts::of(records::to_line))),
    },
    Format {
        name: "conllu",
        suffixes: &["conllu"],
        about: "CoNLL-U, entities in the last column",
        looks_like: conllu::looks_like,
        reader: Reader::Docs(conllu::convert),
        writer: None,
    },
    Format {
        name: "conllubio",
        suffixes: &["conllubio"],
        about: "CoNLL-U under its other suffix",
        looks_like: conllu::looks_like,
        reader: Reader::Docs(conllu::convert),
        writer: None,
    },
    Format {
        name: "rasa",
        suffixes: &["yml", "yaml", "md"],
        about: "Rasa's training data of intents, in YAML or markdown, with [text](label) in its examples",
        looks_like: rasa::looks_like,
        reader: Reader::Text(rasa::read),
        writer: None,
    },
    Format {
        name: "csv",
        suffixes: &["csv"],
        about: "a table with a header: a row a token with its tag, or a row a text with a list of spans",
        looks_like: delimited::looks_like,
        reader: Reader::Text(delimited::read),
        writer: None,
    },
    Format {
        name: "iob",
        suffixes: &["iob"],
        about: "a sentence a line, of word|TAG or word|POS|TAG",
        looks_like: token_lines::looks_like_sentences,
        reader: Reader::Docs(token_lines::convert_sentence_lines),
        writer: Some(Writer::text("iob", || Texts::of(token_lines::to_sentence_lines))),
    },
    Format {
        name: "conll",
        suffixes: &["conll", "conll03", "bio", "iob2", "tsv", "txt"],
        about: "a token a line in columns, one of them an entity tag",
        looks_like: token_lines::looks_like_tokens,
        reader: Reader::Docs(token_lines::convert_token_lines),
        writer: Some(Writer::text("conll", || Texts::of(token_lines::to_token_lines))),
    },
    Format {
        name: "ner",
        suffixes: &["ner"],
        about: "conll or iob, as the first lines say",
        looks_like: |_| false,
        reader: Reader::Docs(token_lines::convert_token_lines),
        writer: None,
    },
];

impl Format {
    /// The names of all formats, for messages.
    pub(crate) fn names() -> String {
        FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
    }

    /// The format of a name; converters' names of spaCy are among them.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The first format of the table that uses a suffix.
    pub fn of_suffix(suffix: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.suffixes.contains(&suffix))
    }
}

impl FromStr for &'static Format {
    type Err = ConvertError;

    fn from_str(name: &str) -> Result<&'static Format, ConvertError> {
        Format::named(name)
            .ok_or_else(|| ConvertError::UnknownConverter { name: name.to_owned(), known: Format::names() })
    }
}
