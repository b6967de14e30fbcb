//! What spaCy scores, against what we score: a slice that is kept here, and the whole suite where the environment
//! variable `NER_GOLDEN` names its folder.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_doc::{Doc, EntIob, Example};
use ner_scorer::{EntityScorer, Scorer, Scores, TokenScorer};
use ner_vocab::Vocab;
use serde_json::Value;

fn rows() -> Vec<Value> {
    let slice = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let dirs = [Some(slice), std::env::var_os("NER_GOLDEN").map(PathBuf::from)];
    let mut rows = Vec::new();
    for dir in dirs.into_iter().flatten() {
        let file = BufReader::new(GzDecoder::new(File::open(dir.join("scorer/ner.jsonl.gz")).unwrap()));
        rows.extend(file.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()));
    }
    rows
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn doc(vocab: &Arc<Vocab>, json: &Value) -> Doc {
    let words: Vec<&str> = list(&json["words"]).iter().map(|word| word.as_str().unwrap()).collect();
    let spaces: Vec<bool> = list(&json["spaces"]).iter().map(|space| space.as_bool().unwrap()).collect();
    let mut doc = Doc::from_words(vocab.clone(), &words, &spaces);
    doc.has_unknown_spaces = json["unknown_spaces"] == true;
    for (token, (iob, label)) in doc.tokens.iter_mut().zip(list(&json["iob"]).iter().zip(list(&json["type"])))
    {
        let iobs = [EntIob::Missing, EntIob::In, EntIob::Out, EntIob::Begin];
        token.ent_iob = iobs[iob.as_u64().unwrap() as usize];
        token.ent_type = vocab.strings().add(label.as_str().unwrap());
    }
    doc
}

/// Numbers may differ by a billionth; the order of keys does not count.
fn is_close(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            (found - expected).abs() <= 1e-9 * (1.0 + expected.abs())
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && expected
                    .iter()
                    .all(|(key, value)| found.get(key).is_some_and(|found| is_close(found, value)))
        }
        _ => found == expected,
    }
}

#[test]
fn scores() {
    let vocab = Arc::new(Vocab::new("en").unwrap());
    let rows = rows();
    assert!(rows.len() >= 40);
    for row in rows {
        let example =
            |pair: &Value| Example::new(doc(&vocab, &pair["predicted"]), doc(&vocab, &pair["reference"]));
        let examples: Vec<Example> = list(&row["pairs"]).iter().map(example).collect();
        let mut expected = row["ner"].as_object().unwrap().clone();
        expected.extend(row["tokenization"].as_object().unwrap().clone());
        let expected = Value::Object(expected);
        // In one go, and example by example.
        for size in [examples.len().max(1), 1] {
            let mut counts = [EntityScorer.start(), TokenScorer.start()];
            for part in examples.chunks(size) {
                counts.iter_mut().for_each(|counts| counts.add(part).unwrap());
            }
            let found: Scores = counts.iter().flat_map(|counts| counts.scores()).collect();
            let found = serde_json::to_value(found).unwrap();
            assert!(is_close(&found, &expected), "{found}\nis not\n{expected}\nof {row}");
        }
    }
}
