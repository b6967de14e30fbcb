use ner_doc::Doc;
use ner_vocab::{Attribute, StringId};
use serde_json::Value;

use crate::{english, number, str, strings, values};

/// A document of tokens `[text, norm, space after]`, the norm as a tokenizer sets it.
fn tokenized(row: &Value) -> Doc {
    let tokens = row["tokens"].as_array().unwrap();
    let words: Vec<&str> = tokens.iter().map(|token| str(&token[0])).collect();
    let spaces: Vec<bool> = tokens.iter().map(|token| token[2].as_bool().unwrap()).collect();
    let mut doc = Doc::from_words(english(), &words, &spaces);
    for (token, expected) in doc.tokens.iter_mut().zip(tokens) {
        token.own_norm = StringId::of(str(&expected[1]));
    }
    doc
}

#[test]
fn feature_matrices() {
    for row in values("lexemes/feature_matrix.jsonl.gz") {
        let columns: Vec<Attribute> =
            strings(&row["columns"]).iter().map(|name| Attribute::from_name(name).unwrap()).collect();
        let mut doc = tokenized(&row);
        // Whether the first token starts a sentence depends on the tokenizer: a special case says nothing.
        if let Some(first) = doc.tokens.first_mut().filter(|_| row["words"].is_null()) {
            first.sent_start = number(row["matrix"][0].as_array().unwrap().last().unwrap()) as i8;
        }
        let matrix: Vec<u64> = row["matrix"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|line| line.as_array().unwrap().iter().map(|value| value.as_u64().unwrap()))
            .collect();
        assert_eq!(doc.to_array(&columns), matrix, "{row}");
    }
}
