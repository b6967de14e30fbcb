use super::brat::BratWriter;
use super::docbin::DocBinWriter;
use super::prodigy::ProdigyWriter;
use super::training_json::TrainingDocument;
use super::{
    Format, Medium, Reader, Texts, Writer, conllu, doccano, label_studio, records, token_lines, training_json,
};

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
        name: "json",
        suffixes: &["json"],
        about: "spaCy's training JSON: documents of paragraphs of sentences of tokens",
        looks_like: training_json::looks_like,
        reader: Reader::Docs(training_json::convert),
        writer: Some(Writer::text("json", || Box::new(TrainingDocument::new()))),
    },
    Format {
        name: "jsonl",
        suffixes: &["jsonl", "ndjson"],
        about: "records of text or tokens with spans or tags, as Prodigy, doccano and Hugging Face write them",
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
        looks_like: |_| false,
        reader: Reader::Docs(conllu::convert),
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
    Format {
        name: "brat",
        suffixes: &[],
        about: "brat's standoff annotation: an .ann file beside its .txt file",
        looks_like: |_| false,
        reader: Reader::Json(records::read),
        writer: Some(Writer {
            suffix: "",
            medium: Medium::Folder,
            new: || Box::new(BratWriter::new()),
            predictions: None,
        }),
    },
    Format {
        name: "label-studio",
        suffixes: &[],
        about: "Label Studio's tasks",
        looks_like: |_| false,
        reader: Reader::Json(records::read),
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
        about: "doccano's records of a text and labels",
        looks_like: |_| false,
        reader: Reader::Json(records::read),
        writer: Some(Writer::text("jsonl", || Texts::of(doccano::to_line))),
    },
    Format {
        name: "prodigy",
        suffixes: &[],
        about: "Prodigy's records of complete annotation and of answers",
        looks_like: |_| false,
        reader: Reader::Json(records::read),
        writer: Some(Writer::text("jsonl", || Box::new(ProdigyWriter::new()))),
    },
];
