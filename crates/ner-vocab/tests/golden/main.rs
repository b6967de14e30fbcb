//! What spaCy computed, against what we compute: a slice that is kept here, and the whole suite where the
//! environment variable `NER_GOLDEN` names its folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use ner_vocab::Vocab;
use serde_json::Value;

mod hashes;
mod lexemes;
mod vectors;

fn golden_dirs() -> Vec<PathBuf> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [Some(slice), std::env::var_os("NER_GOLDEN").map(PathBuf::from)].into_iter().flatten().collect()
}

/// The JSON values of a file in every golden folder: one a line in `.jsonl`, else one in all.
fn values(path: &str) -> Vec<Value> {
    let mut values = Vec::new();
    for dir in golden_dirs() {
        let text = text(&dir.join(path));
        let texts: Vec<&str> = if path.contains(".jsonl") { text.lines().collect() } else { vec![&text] };
        values.extend(texts.iter().map(|text| serde_json::from_str::<Value>(text).unwrap()));
    }
    assert!(!values.is_empty(), "{path} holds nothing");
    values
}

fn text(path: &Path) -> String {
    let mut text = String::new();
    if path.extension().unwrap() == "gz" {
        let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    text
}

fn english() -> Vocab {
    Vocab::new("en").unwrap()
}

fn str(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(str).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(number).collect()
}
