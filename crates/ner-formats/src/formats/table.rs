use super::{Format, Reader, brat, conllu, delimited, rasa, records, token_lines, training_json, webanno};

/// All formats. Detection asks them in this order, so that a narrow one stands before one that takes more.
pub static FORMATS: &[Format] = &[
    Format {
        name: "spacy",
        suffixes: &["spacy"],
        about: "spaCy's binary documents",
        looks_like: |sample| matches!(sample.bytes, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]),
        reader: Reader::DocBin,
    },
    Format {
        name: "brat",
        suffixes: &["ann"],
        about: "brat's standoff annotation: an .ann file beside its .txt file",
        looks_like: brat::looks_like,
        reader: Reader::Text(brat::read),
    },
    Format {
        name: "webanno",
        suffixes: &[],
        about: "WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers",
        looks_like: webanno::looks_like,
        reader: Reader::Text(webanno::read),
    },
    Format {
        name: "json",
        suffixes: &["json"],
        about: "spaCy's training JSON: documents of paragraphs of sentences of tokens",
        looks_like: training_json::looks_like,
        reader: Reader::Docs(training_json::convert),
    },
    Format {
        name: "jsonl",
        suffixes: &["jsonl", "ndjson"],
        about: "records of text or tokens with spans or tags, as Prodigy, doccano and Hugging Face write them",
        looks_like: records::looks_like,
        reader: Reader::Json(records::read),
    },
    Format {
        name: "conllu",
        suffixes: &["conllu"],
        about: "CoNLL-U, entities in the last column",
        looks_like: conllu::looks_like,
        reader: Reader::Docs(conllu::convert),
    },
    Format {
        name: "conllubio",
        suffixes: &["conllubio"],
        about: "CoNLL-U under its other suffix",
        looks_like: |_| false,
        reader: Reader::Docs(conllu::convert),
    },
    Format {
        name: "rasa",
        suffixes: &["yml", "yaml", "md"],
        about: "Rasa's training data of intents, in YAML or markdown, with [text](label) in its examples",
        looks_like: rasa::looks_like,
        reader: Reader::Text(rasa::read),
    },
    Format {
        name: "csv",
        suffixes: &["csv"],
        about: "a table with a header: a row a token with its tag, or a row a text with a list of spans",
        looks_like: delimited::looks_like,
        reader: Reader::Text(delimited::read),
    },
    Format {
        name: "iob",
        suffixes: &["iob"],
        about: "a sentence a line, of word|TAG or word|POS|TAG",
        looks_like: token_lines::looks_like_sentences,
        reader: Reader::Docs(token_lines::convert_sentence_lines),
    },
    Format {
        name: "conll",
        suffixes: &["conll", "conll03", "bio", "iob2", "tsv", "txt"],
        about: "a token a line in columns, one of them an entity tag",
        looks_like: token_lines::looks_like_tokens,
        reader: Reader::Docs(token_lines::convert_token_lines),
    },
    Format {
        name: "ner",
        suffixes: &["ner"],
        about: "conll or iob, as the first lines say",
        looks_like: |_| false,
        reader: Reader::Docs(token_lines::convert_token_lines),
    },
];
