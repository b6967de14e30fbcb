use std::collections::HashMap;

use ner_doc::{Attribute, Doc, Lexeme, LexemeFlags, StringId, Vocab};
use serde_json::Value;

use crate::{english, number, numbers, str, strings, values};

/// Attribute ids in the order of `flags`.
fn flag_ids() -> Vec<u32> {
    let names = values("lexemes/flag_names.json");
    strings(&names[0]).iter().map(|name| Attribute::from_name(name).unwrap().id() as u32).collect()
}

#[track_caller]
fn check(vocab: &Vocab, flag_ids: &[u32], row: &Value) {
    let text = str(&row["text"]);
    let lexeme = vocab.lexeme(text);
    assert_eq!(lexeme.orth.0, row["orth"].as_u64().unwrap(), "{row}");
    let features = [
        ("norm", Attribute::NORM, lexeme.norm),
        ("lower", Attribute::LOWER, lexeme.lower),
        ("prefix", Attribute::PREFIX, lexeme.prefix),
        ("suffix", Attribute::SUFFIX, lexeme.suffix),
        ("shape", Attribute::SHAPE, lexeme.shape),
    ];
    for (name, attribute, id) in features {
        assert_eq!(vocab.feature_text(text, attribute).unwrap(), str(&row[name][0]), "{name} of {row}");
        assert_eq!(id.0, row[name][1].as_u64().unwrap(), "{name} of {row}");
    }
    assert_eq!(lexeme.length as usize, number(&row["length"]), "{row}");
    let flags: Vec<usize> = flag_ids.iter().map(|&id| lexeme.flags.contains(id).into()).collect();
    assert_eq!(flags, numbers(&row["flags"]), "{row}");
}

#[test]
fn english_words() {
    let (vocab, flag_ids) = (english(), flag_ids());
    values("lexemes/en.jsonl.gz").iter().for_each(|row| check(&vocab, &flag_ids, row));
}

#[test]
fn words_of_other_languages() {
    let flag_ids = flag_ids();
    let mut vocabs = HashMap::new();
    for row in values("lexemes/langs.jsonl.gz") {
        let lang = str(&row["lang"]).to_owned();
        let vocab = vocabs.entry(lang).or_insert_with_key(|lang| Vocab::new(lang).unwrap());
        check(vocab, &flag_ids, &row);
    }
}

/// A document of tokens `[text, norm, space after]`, the norm as a tokeniser sets it.
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
        // Whether the first token starts a sentence depends on the tokeniser: a special case says nothing.
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

#[test]
fn norms_of_words_without_special_cases() {
    // In this file the table was put into a vocabulary in use, where spaCy does not look at it.
    for row in values("lexemes/lexeme_norm_table.json") {
        let vocab = english();
        for token in row["tokens"].as_array().unwrap() {
            let (text, norm) = (str(&token[0]), str(&token[1]));
            if !matches!(text, "ca" | "n't") {
                assert_eq!(vocab.norm(text), norm);
                assert_eq!(vocab.lexeme(text).norm.0, token[2].as_u64().unwrap());
            }
        }
    }
}

#[test]
fn bytes_of_words() {
    for row in values("lexemes/utf8_bytes.jsonl") {
        let mut bytes = vec![0; number(&row["nC"])];
        for (word, expected) in strings(&row["words"]).iter().zip(row["bytes"].as_array().unwrap()) {
            Lexeme::write_bytes(word, &mut bytes);
            assert_eq!(bytes.iter().map(|&byte| byte.into()).collect::<Vec<usize>>(), numbers(expected));
        }
    }
}

#[test]
fn the_empty_word_has_no_features() {
    let vocab = english();
    assert_eq!(vocab.lexeme("").flags, LexemeFlags::default());
}
