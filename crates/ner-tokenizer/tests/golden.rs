//! Tokens that real spaCy made, and the files that it wrote.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_doc::Doc;
use ner_tokenizer::{Characters, SpecialToken, Tokenizer, languages};
use ner_vocab::{StringId, Vocab};
use serde_json::Value;

#[test]
fn english_is_built_in() {
    for root in golden_dirs() {
        let tokenizer = Tokenizer::for_language(vocab("en")).unwrap();
        if let Some(file) = file(&root, "tokenizer/en/tokenizer") {
            assert!(tokenizer.to_bytes() == file, "the built-in rules are not those of {}", root.display());
        }
        for row in rows(&root, "tokenizer/en/lines.jsonl").chain(rows(&root, "tokenizer/en/long.jsonl")) {
            check_row(&tokenizer, &row, "en");
        }
        for row in rows(&root, "tokenizer/en/explain.jsonl") {
            check_explanation(&tokenizer, &row);
        }
    }
}

#[test]
fn languages_that_are_built_in_split_as_in_spacy() {
    let tokenizers: BTreeMap<&str, Tokenizer> = languages()
        .into_iter()
        .map(|lang| (lang, Tokenizer::for_language(vocab(lang)).unwrap()))
        .chain([("zh", Tokenizer::with_splitter(vocab("zh"), Arc::new(Characters)))])
        .collect();
    for root in golden_dirs() {
        for row in rows(&root, "tokenizer/built_in.jsonl") {
            let lang = row["lang"].as_str().unwrap();
            check_row(&tokenizers[lang], &row, lang);
        }
        for folder in folders(&root.join("tokenizer/langs")) {
            let lang = folder.file_name().unwrap().to_str().unwrap();
            let file = file(&folder, "tokenizer").unwrap();
            assert!(tokenizers[lang].to_bytes() == file, "the built-in rules are not those of {lang}");
        }
    }
}

#[test]
fn changed_rules_split_as_they_say() {
    for root in golden_dirs() {
        for folder in folders(&root.join("tokenizer/variations")) {
            check_folder(&folder, "en");
        }
    }
}

#[test]
fn other_languages_come_from_their_files() {
    for root in golden_dirs() {
        for folder in folders(&root.join("tokenizer/langs")) {
            check_folder(&folder, folder.file_name().unwrap().to_str().unwrap());
        }
    }
}

#[test]
fn special_cases_can_be_added() {
    let special_cases = [
        ("New York", &["New York"][..]),
        ("a  b", &["a  b"]),
        ("to do", &["to ", "do"]),
        ("vs . ", &["vs . "]),
        ("x\ny", &["x\n", "y"]),
    ];
    let mut tokenizer = Tokenizer::for_language(vocab("en")).unwrap();
    assert_eq!(tokenizer.tokenize("to do").unwrap().len(), 2);
    for (text, tokens) in special_cases {
        let tokens = tokens.iter().map(|&token| SpecialToken::new(token)).collect();
        tokenizer.add_special_case(text, tokens).unwrap();
    }
    for root in golden_dirs() {
        let folder = root.join("tokenizer/variations/special_with_spaces");
        assert!(tokenizer.to_bytes() == file(&folder, "tokenizer").unwrap());
        rows(&folder, "lines.jsonl").for_each(|row| check_row(&tokenizer, &row, "special_with_spaces"));
    }
}

#[test]
fn special_cases_are_checked() {
    for root in golden_dirs() {
        for row in rows(&root, "tokenizer/special_case_errors.jsonl") {
            let bytes = one_special_case(row["string"].as_str().unwrap(), &row["pieces"]);
            let loaded = Tokenizer::from_bytes(vocab("en"), &bytes);
            assert_eq!(loaded.is_ok(), row["ok"].as_bool().unwrap(), "{row}: {loaded:?}");
            if let Ok(tokenizer) = loaded {
                let doc = tokenizer.tokenize(row["string"].as_str().unwrap()).unwrap();
                check_tokens(&doc, &row);
            }
        }
    }
}

fn check_folder(folder: &Path, lang: &str) {
    let bytes = file(folder, "tokenizer").unwrap();
    let tokenizer = Tokenizer::from_bytes(vocab(lang), &bytes).unwrap();
    assert!(tokenizer.to_bytes() == bytes, "{} is written differently", folder.display());
    for row in rows(folder, "lines.jsonl") {
        check_row(&tokenizer, &row, &folder.display().to_string());
        if row.get("explain").is_some() {
            check_explanation(&tokenizer, &row);
        }
    }
}

#[track_caller]
fn check_row(tokenizer: &Tokenizer, row: &Value, place: &str) {
    let doc = tokenizer.tokenize(row["text"].as_str().unwrap()).unwrap();
    assert_eq!(doc.text(), row["text"].as_str().unwrap(), "{place}: the text is kept");
    check_tokens(&doc, row);
}

#[track_caller]
fn check_tokens(doc: &Doc, row: &Value) {
    let found: Vec<_> = doc
        .tokens
        .iter()
        .zip(doc.char_offsets())
        .map(|(token, start)| (start as u64, token.text(), token.space_after, token.norm()))
        .collect();
    let expected: Vec<_> = row["tokens"].as_array().unwrap().iter().map(token).collect();
    assert_eq!(found, expected, "{row}");
}

fn token(token: &Value) -> (u64, &str, bool, StringId) {
    let norm = StringId::of(token[3].as_str().unwrap());
    (token[0].as_u64().unwrap(), token[1].as_str().unwrap(), token[2].as_bool().unwrap(), norm)
}

#[track_caller]
fn check_explanation(tokenizer: &Tokenizer, row: &Value) {
    let explanation = tokenizer.explain(row["text"].as_str().unwrap()).unwrap();
    let found: Vec<_> = explanation.iter().map(|(rule, token)| (rule.to_string(), token.as_str())).collect();
    let expected = row["explain"].as_array().unwrap().iter();
    let expected: Vec<_> =
        expected.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap())).collect();
    assert_eq!(found, expected, "{row}");
}

/// A file with one special case. A piece is a text, a text with a norm, or a map of attributes by name.
fn one_special_case(text: &str, pieces: &Value) -> Vec<u8> {
    let attributes = |piece: &Value| -> Vec<(rmpv::Value, rmpv::Value)> {
        let pairs: Vec<(String, &Value)> = match piece {
            Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(pair) => vec![("ORTH".to_owned(), &pair[0]), ("NORM".to_owned(), &pair[1])],
            orth => vec![("ORTH".to_owned(), orth)],
        };
        pairs.into_iter().map(|(name, value)| (name.into(), value.as_str().unwrap().into())).collect()
    };
    let tokens = pieces.as_array().unwrap().iter().map(|piece| rmpv::Value::Map(attributes(piece)));
    let exceptions = rmpv::Value::Map(vec![(text.into(), rmpv::Value::Array(tokens.collect()))]);
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &rmpv::Value::Map(vec![("exceptions".into(), exceptions)]))
        .unwrap();
    bytes
}

fn vocab(lang: &str) -> Arc<Vocab> {
    Arc::new(Vocab::new(lang).unwrap_or_else(|| panic!("no vocabulary for {lang}")))
}

/// The slice that lies here, and the whole suite where `NER_GOLDEN` names its folder.
fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    std::iter::once(slice).chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

/// The lines of a file, plain or packed; none if there is no such file.
fn rows(root: &Path, name: &str) -> impl Iterator<Item = Value> + use<> {
    let text = String::from_utf8(file(root, name).unwrap_or_default()).unwrap();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    rows.into_iter()
}

fn file(root: &Path, name: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = fs::read(root.join(name)) {
        return Some(bytes);
    }
    let packed = fs::read(root.join(format!("{name}.gz"))).ok()?;
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}
