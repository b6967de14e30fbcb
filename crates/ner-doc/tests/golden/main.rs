//! What spaCy computed, against what we compute: a slice that is kept here, and the whole suite where the
//! environment variable `NER_GOLDEN` names its folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_doc::{Doc, DocError, EntIob};
use ner_vocab::Vocab;
use serde_json::Value;

mod aligned;
mod annotations;
mod entities;
mod features;
mod offsets;
mod tags;

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

fn english() -> Arc<Vocab> {
    Arc::new(Vocab::new("en").unwrap())
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

fn bools(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|value| value.as_bool().unwrap()).collect()
}

/// A document of `words` and `spaces`, with `iob`, `type` and `sent_start` where they are given.
fn doc(vocab: &Arc<Vocab>, json: &Value) -> Doc {
    let mut doc = Doc::from_words(vocab.clone(), &strings(&json["words"]), &bools(&json["spaces"]));
    for (index, token) in doc.tokens.iter_mut().enumerate() {
        if let Some(iob) = json["iob"].get(index) {
            token.ent_iob = ent_iob(iob);
            token.ent_type = vocab.strings().add(str(&json["type"][index]));
        }
        if let Some(sent_start) = json["sent_start"].get(index) {
            token.sent_start = sent_start.as_i64().unwrap() as i8;
        }
    }
    doc
}

fn ent_iob(value: &Value) -> EntIob {
    [EntIob::Missing, EntIob::In, EntIob::Out, EntIob::Begin][number(value)]
}

/// The code under which spaCy reports the error.
fn code(error: &DocError) -> &'static str {
    match error {
        DocError::InsideWithoutBegin { .. } => "E093",
        DocError::OverlappingSpans { .. } => "E1010",
        DocError::OverlappingOffsets { .. } => "E103",
        DocError::TagWithoutBegin { .. } => "E067",
        DocError::UnknownTag { .. } => "E068",
        DocError::TextsDiffer { .. } => "E949",
        DocError::LengthMismatch { .. } => "E971",
        DocError::MisalignedSpan { .. } => "E855",
        DocError::AmbiguousLink { .. } => "E980",
        DocError::HeadOutOfBounds { .. } => "E190",
        DocError::UnknownFeature { .. } => "KeyError",
        other => panic!("spaCy has no code for: {other}"),
    }
}
