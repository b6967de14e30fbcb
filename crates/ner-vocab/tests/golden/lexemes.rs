use std::collections::HashMap;

use ner_vocab::{Attribute, Lexeme, LexemeFlags, Vocab};
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
