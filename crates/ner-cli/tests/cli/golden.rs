//! What real spaCy printed, saved and predicted for the same commands. A small slice lies beside; `NER_GOLDEN` names
//! the full suite.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use ner_doc::Doc;
use ner_formats::docbin::{DocBin, DocBinWriter};
use ner_vocab::Vocab;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::workshop::{Run, Workshop, files};

#[derive(Deserialize)]
struct Case {
    args: Vec<String>,
    exit: i32,
    out: String,
    metrics: Option<Value>,
    output_file: Option<String>,
    docs: Option<Vec<Value>>,
}

pub(crate) fn golden_dirs() -> Vec<PathBuf> {
    let slice = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let full = std::env::var_os("NER_GOLDEN").map(PathBuf::from);
    [Some(slice), full].into_iter().flatten().map(|folder| folder.join("cli")).collect()
}

#[test]
fn commands_do_what_they_do_in_spacy() {
    for folder in golden_dirs() {
        let lines = GzDecoder::new(fs::File::open(folder.join("evaluate_apply.jsonl.gz")).unwrap());
        let mut n_cases = 0;
        for line in BufReader::new(lines).lines() {
            let case: Case = serde_json::from_str(&line.unwrap()).unwrap();
            // Scores for each component alone are not offered yet.
            if !case.args.iter().any(|argument| argument == "--per-component") {
                check(&case, &folder);
                n_cases += 1;
            }
        }
        assert!(n_cases >= 13);
    }
}

fn check(case: &Case, folder: &std::path::Path) {
    let workshop = Workshop::new();
    for (name, content) in files(folder) {
        workshop.write(name.to_str().unwrap(), content);
    }
    workshop.write("data/empty_dir/.keep", "");
    workshop.write("exists.spacy", "old");
    let run = workshop.run(&case.args.join(" "));
    assert_eq!(run.code, Some(case.exit), "{:?}\n{}", case.args, run.stderr);
    if let Some(metrics) = &case.metrics {
        compare_scores(&workshop.read("metrics.json"), metrics);
        assert_eq!(tables(&run), spacy_tables(&case.out), "{:?}", case.args);
    }
    if let (Some(file), Some(docs)) = (&case.output_file, &case.docs) {
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let found = DocBin::open(&workshop.path(file)).unwrap().into_docs(vocab);
        let found: Vec<Value> = found.map(|doc| tokens(&doc.unwrap())).collect();
        let expected: Vec<Value> = docs.iter().map(spacy_tokens).collect();
        assert_eq!(found, expected, "{:?}", case.args);
    }
}

/// Where this program is stricter or more lenient than spaCy on purpose: the exit code here.
const OTHER_EXITS: [(&str, i32); 5] = [
    // What is no option of the command is wrong usage; spaCy ends in a traceback.
    ("override without a dot", 2),
    // spaCy drops the key.
    ("unknown training key", 1),
    // spaCy wants a number with a decimal point, and ends in a traceback in the first step.
    ("dropout as integer", 0),
    // spaCy trains on it to the end, and learns nothing.
    ("unannotated data", 1),
    // Nothing is trained, and the evaluations say so; spaCy ends in a traceback at the first.
    ("frozen ner", 0),
];

#[test]
fn training_fails_where_it_fails_in_spacy() {
    let folders: Vec<_> = golden_dirs().into_iter().map(|cli| cli.with_file_name("trainlog")).collect();
    assert!(!folders.is_empty());
    for folder in folders {
        let workshop = Workshop::new();
        for (name, file) in
            [("config.cfg", "error_base.cfg"), ("train.spacy", "train.spacy"), ("dev.spacy", "dev.spacy")]
        {
            workshop.write(name, fs::read(folder.join(file)).unwrap());
        }
        workshop.write("plain.jsonl", "{\"text\": \"Nobody is here.\"}\n");
        workshop.run("convert plain.jsonl .").succeeded();
        // `convert` refuses a file without documents.
        let mut empty = Vec::new();
        DocBinWriter::new().write(&mut empty, Path::new("empty.spacy")).unwrap();
        workshop.write("empty.spacy", empty);
        for line in fs::read_to_string(folder.join("train_errors.jsonl")).unwrap().lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let name = row["name"].as_str().unwrap();
            // The others have configs of their own, which the suite does not keep.
            if row["config_is_base"] == true {
                let arguments =
                    row["args"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap());
                let mut command = workshop.command("train config.cfg");
                let run = Run::from(command.args(arguments).output().unwrap());
                let other = OTHER_EXITS.iter().find(|(other, _)| *other == name);
                let expected = other.map_or(row["exit"].as_i64().unwrap() as i32, |(_, exit)| *exit);
                assert_eq!(run.code, Some(expected), "{name}: {}", run.stderr);
                assert_eq!(run.stderr.contains('✘'), expected == 1, "{name}: {}", run.stderr);
            }
        }
    }
}

fn compare_scores(found: &str, expected: &Value) {
    let mut found: Value = serde_json::from_str(found).unwrap();
    assert!(found["speed"].as_f64().unwrap() > 0.0);
    found.as_object_mut().unwrap().shift_remove("speed");
    assert_eq!(rounded(&found), rounded(expected));
}

/// The scores to as many places as the suite has.
fn rounded(scores: &Value) -> Value {
    match scores {
        Value::Object(scores) => scores.iter().map(|(name, score)| (name.clone(), rounded(score))).collect(),
        score => score.as_f64().map_or_else(|| score.clone(), |score| json!(format!("{score:.8}"))),
    }
}

/// The printed tables, with the speed blanked out.
fn tables(run: &Run) -> Vec<String> {
    let line = |line: &str| match line.starts_with("SPEED") {
        true => "SPEED".to_owned(),
        false => line.trim_end().to_owned(),
    };
    run.stdout.trim().lines().map(line).collect()
}

/// The tables among all that spaCy printed.
fn spacy_tables(out: &str) -> Vec<String> {
    let stdout: Vec<&str> = out.lines().filter(|line| !line.starts_with(['ℹ', '✔'])).collect();
    tables(&Run { code: None, stdout: stdout.join("\n"), stderr: String::new() })
}

fn tokens(doc: &Doc) -> Value {
    let text = |id| doc.vocab().strings().get(id).unwrap_or_default().to_string();
    let token = |token: &ner_doc::Token| {
        json!([
            token.text(),
            token.space_after,
            token.ent_iob as u8,
            text(token.ent_type),
            text(token.ent_id)
        ])
    };
    doc.tokens.iter().map(token).collect()
}

fn spacy_tokens(doc: &Value) -> Value {
    let token = |token: &Value| ["text", "ws", "ent_iob", "ent_type", "ent_id"].map(|key| token[key].clone());
    doc["tokens"].as_array().unwrap().iter().map(token).map(|values| json!(values)).collect()
}
