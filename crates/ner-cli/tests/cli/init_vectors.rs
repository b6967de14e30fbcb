//! `ner init vectors`: what real spaCy makes of the same files, what others make of its output, and files that are wrong.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use ner_vocab::{StringId, VectorFiles, Vectors};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::golden::golden_dirs;
use crate::workshop::{SHORT, Workshop, annotated_lines};

#[derive(Deserialize)]
struct Case {
    file: String,
    options: Vec<String>,
    exit: i32,
    meta_vectors: Option<Value>,
    cfg: Option<Value>,
    data: Option<Vec<Vec<f32>>>,
    key2row: Option<Vec<(u64, u32)>>,
}

#[test]
fn tables_are_those_of_spacy() {
    for folder in golden_dirs() {
        let lines = GzDecoder::new(fs::File::open(folder.join("init_vectors.jsonl.gz")).unwrap());
        for line in BufReader::new(lines).lines() {
            check(&serde_json::from_str(&line.unwrap()).unwrap(), &folder.join("data/vectors"));
        }
    }
}

#[track_caller]
fn check(case: &Case, folder: &Path) {
    let workshop = Workshop::new();
    let (file, options) = (folder.join(&case.file), case.options.join(" "));
    let run = workshop.run(&format!("init vectors xx {} out {options}", file.display()));
    // spaCy ends in a traceback, with 1, where options contradict each other.
    let is_usage = options.contains("--truncate") && options.contains("floret");
    let place = format!("{} {options}: {}", case.file, run.stderr);
    assert_eq!(run.code, Some(if is_usage { 2 } else { case.exit }), "{place}");
    assert_eq!(workshop.path("out").exists(), case.exit == 0, "{place}");
    let (Some(meta), Some(cfg), Some(data), Some(key2row)) =
        (&case.meta_vectors, &case.cfg, &case.data, &case.key2row)
    else {
        return;
    };
    let found: Value = serde_json::from_str(&workshop.read("out/meta.json")).unwrap();
    assert_eq!(found["vectors"], *meta, "{place}");
    let found: Value = serde_json::from_str(&workshop.read("out/vocab/vectors.cfg")).unwrap();
    assert_eq!(found, *cfg, "{place}");
    let vectors = vectors(&workshop, "out");
    assert!(vectors.data().iter().eq(data.iter().flatten()), "{place}");
    let mut keys: Vec<(u64, u32)> = vectors.keys().map(|(key, row)| (key.0, row)).collect();
    keys.sort_unstable();
    assert_eq!(keys, *key2row, "{place}");
}

fn vectors(workshop: &Workshop, pipeline: &str) -> Vectors {
    let read = |name| fs::read(workshop.path(&format!("{pipeline}/vocab/{name}"))).unwrap();
    let files = VectorFiles { config: read("vectors.cfg"), table: read("vectors"), key2row: read("key2row") };
    files.read().unwrap()
}

/// The words of the data, each with two numbers that say what it is.
const VECTORS: &str = "Ada 1 0\nGrace 1 0.1\nAlan 0.9 0\nBarbara 1 0\nEdsger 1 0.2\nDonald 0.8 0\nLondon 0 1\n\
                       Paris 0.1 1\nOslo 0 0.9\nRome 0 0.8\nVienna 0 1.1\nNew York 0.1 0.9\n";

#[test]
fn a_run_uses_the_vectors() {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("vectors.txt", VECTORS);
    let run = workshop.run("init vectors en vectors.txt vectors --name people.vectors").succeeded();
    for part in [
        "Read 12 rows of 2 numbers",
        "without a header",
        "1 rows are equal to others",
        "converted 11 vectors",
    ] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    workshop.run("init config config.toml --optimize accuracy --vectors vectors").succeeded();
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    workshop.run(&format!("train config.toml -o out {paths} {SHORT}")).succeeded();
    let (given, kept) = (vectors(&workshop, "vectors"), vectors(&workshop, "out/model-last"));
    assert_eq!(given.data(), kept.data());
    assert!(given.keys().eq(kept.keys()));
    // Sorted by their values, as always when some are equal.
    assert_eq!(given.row(StringId::of("New York")), Some(4));
    let meta: Value = serde_json::from_str(&workshop.read("out/model-last/meta.json")).unwrap();
    assert_eq!(meta["vectors"]["vectors"], json!(11));
}

#[test]
fn repeated_and_missing_rows_are_told() {
    let workshop = Workshop::new();
    workshop.write("twice.txt", "4 2\na 1 2\nb 3 4\na 5 6\n");
    let run = workshop.run("init vectors xx twice.txt out").succeeded();
    for part in ["there are 4 rows, and 3 were found", "1 rows were left out", "\"a\", in rows 1 and 3"] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    let vectors = vectors(&workshop, "out");
    let row = vectors.row(StringId::of("a")).unwrap();
    assert_eq!(vectors.data()[2 * row..2 * row + 2], [5.0, 6.0]);
    // A second time: a pipeline is replaced, anything else is not.
    workshop.run("init vectors xx twice.txt out --prune 1").succeeded();
    workshop.write("full/letter.txt", "");
    let run = workshop.run("init vectors xx twice.txt full");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("is no pipeline; name another place"), "{}", run.stderr);
}

#[test]
fn wrong_files_are_told_with_line_and_mend() {
    let binary: Vec<u8> = [b"2 2\na ".as_slice(), &[0, 0, 128, 63, 0, 0, 0, 64], b"b ", &[0, 0]].concat();
    for (content, options, parts) in [
        (b"2 2\na 1 2\nb 3\n".as_slice(), "", [":3: ", "a word and 1 numbers, expected 2"]),
        (b"a 1 2\nb 3 4 five\n", "", [":2: ", "\"five\", expected a number"]),
        (b"2 2\na 1 2 3\nb 3 4 5\n", "", [":2: ", "a word and 3 numbers, expected 2"]),
        (b"1 2\na 1 2\nb 3 4\n", "", [":3: ", "--truncate 1"]),
        (b"a 1 2\n\nb 3 4\n", "", [":2: ", "delete the line"]),
        (b"a 1 nan\n", "", [":1: ", "finite"]),
        (b"a 1 2\n\xe9 3 4\n", "", [":2: ", "not UTF-8"]),
        (b"", "", ["file", "empty"]),
        (b"hello\n", "", [":1: ", "expected a word and its numbers"]),
        (b"2 1 2 3 1 0 < >\n0 1\n1 2\n", "", [":1: ", "--mode floret"]),
        (b"2 1 2 3 1 0 < >\n0 1\n", "--mode floret", ["1 rows, expected 2", "cut short"]),
        (b"a 1 2\n", "--mode floret", [":1: ", "bucket dim minn maxn"]),
        (&binary, "", ["row 2", "--truncate 1"]),
        (b"\x1f\x8b\x08\0", "", ["cut short", "file"]),
        (b"BZh91AY", "", ["bzip2", "unpack it"]),
        (b"a 1 2\n", "--attr COLOUR", ["--attr", "COLOUR"]),
        (b"a 1 2\n", "--mode fasttext", ["--mode", "floret"]),
    ] {
        let workshop = Workshop::new();
        workshop.write("file", content);
        let run = workshop.run(&format!("init vectors xx file out {options}"));
        let is_usage = ["--attr", "--mode fasttext"].iter().any(|option| options.contains(option));
        assert_eq!(run.code, Some(if is_usage { 2 } else { 1 }), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
        }
        assert!(!workshop.path("out").exists());
    }
    let workshop = Workshop::new();
    workshop.write("file", "a 1 2\n");
    let run = workshop.run("init vectors klingon file out");
    assert!(run.code == Some(1) && run.stderr.contains("klingon"), "{}", run.stderr);
}
