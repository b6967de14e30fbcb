//! `ner train-vectors`: what others make of its output, runs that are killed, and what cannot be learned from.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use ner_vocab::{StringId, VectorFiles, Vectors};
use serde_json::{Value, json};

use crate::workshop::{SHORT, Workshop, annotated_lines, files};

/// A run of a second.
const SMALL: &str = "--dim 8 --bucket 500 --sample 1";

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    let places = ["London", "Paris", "Oslo", "Rome", "Vienna"];
    let lines = places.map(|place| format!("the streets of {place} are long.\nthe sky of {place} is grey\n"));
    workshop.write("raw.txt", lines.concat().repeat(20));
    workshop
}

fn vectors(workshop: &Workshop, pipeline: &str) -> Vectors {
    let read = |name| fs::read(workshop.path(&format!("{pipeline}/vocab/{name}"))).unwrap();
    let files = VectorFiles { config: read("vectors.cfg"), table: read("vectors"), key2row: read("key2row") };
    files.read().unwrap()
}

fn names(workshop: &Workshop, folder: &str) -> Vec<PathBuf> {
    files(&workshop.path(folder)).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_run_uses_the_vectors_of_its_own_text() {
    let workshop = prepared();
    let run = workshop
        .run(&format!("train-vectors raw.txt train.jsonl -o vectors {SMALL} --mode table"))
        .succeeded();
    for part in ["frequent enough", "Epoch 5 of 5: loss", "Learned", "Saved nlp object"] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    assert_eq!(run.stdout, "");
    let found = vectors(&workshop, "vectors");
    // Tokens as the recogniser sees them, in all forms that were met.
    for word in ["Vienna", "the", ".", "Barbara"] {
        assert!(found.row(StringId::of(word)).is_some(), "{word}");
    }
    assert_eq!(found.row(StringId::of("long.")), None);
    // The files are those of `init vectors`, which are compared with spaCy's.
    workshop.write("two.txt", "a 1 2\nb 3 4\n");
    workshop.run("init vectors en two.txt two").succeeded();
    assert_eq!(names(&workshop, "vectors"), names(&workshop, "two"));
    assert_eq!(workshop.read("vectors/vocab/vectors.cfg"), workshop.read("two/vocab/vectors.cfg"));
    assert_eq!(workshop.read("vectors/config.cfg"), workshop.read("two/config.cfg"));
    let meta: Value = serde_json::from_str(&workshop.read("vectors/meta.json")).unwrap();
    assert_eq!(
        meta["vectors"],
        json!({"width": 8, "vectors": found.n_rows(), "keys": found.keys().count(), "name": "en_pipeline.vectors", "mode": "default"})
    );

    workshop.run("init config config.toml --optimize accuracy").succeeded();
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl --paths.vectors vectors";
    workshop.run(&format!("train config.toml -o out {paths} {SHORT}")).succeeded();
    assert_eq!(vectors(&workshop, "out/model-last").data(), found.data());
}

#[test]
fn every_word_has_a_vector_by_its_parts() {
    let workshop = prepared();
    let run = format!("train-vectors raw.txt -o vectors {SMALL} --attr NORM");
    workshop.run(&run).succeeded();
    let found = vectors(&workshop, "vectors");
    let config: Value = serde_json::from_str(&workshop.read("vectors/vocab/vectors.cfg")).unwrap();
    let expected = json!({
        "mode": "floret", "minn": 3, "maxn": 6, "hash_count": 2, "hash_seed": 2166136261u32, "bow": "<", "eow": ">",
        "attr": 67
    });
    assert_eq!(config, expected);
    assert_eq!((found.n_rows(), found.width()), (500, 8));
    let mut vector = vec![0.0; 8];
    found.write_vector(StringId::of("viennese"), "viennese", &mut vector);
    assert!(vector.iter().any(|&value| value != 0.0));
}

#[test]
fn a_run_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let workshop = prepared();
    let run = |output: &str, options: &str| {
        format!("train-vectors raw.txt train.jsonl -o {output} {SMALL} --epochs 40 --save-every 0 {options}")
    };
    workshop.run(&run("whole", "")).succeeded();
    for kill in 0..5 {
        let mut child = workshop.command(&run("killed", "--resume"));
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(60 + 50 * kill));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    workshop.run(&run("killed", "--threads 1 --resume")).succeeded();
    assert!(files(&workshop.path("killed")) == files(&workshop.path("whole")));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_goes_on_with_the_same_text_and_settings_alone() {
    let workshop = prepared();
    let run = |options: &str| format!("train-vectors raw.txt -o out {SMALL} {options}");
    let mut child = workshop.command(&run("--epochs 1000000"));
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !workshop.path("out/vectors-checkpoint/text.json").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let check = |options: &str, parts: &[&str]| {
        let run = workshop.run(&run(&format!("--resume {options}")));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    };
    check("--epochs 3", &["vectors-checkpoint", "epochs was 1000000 and is 3", "begin anew"]);
    check("--epochs 1000000 --lang de", &["lang was en and is de"]);
    workshop.write("raw.txt", "Another text.\n");
    check("--epochs 1000000", &["raw.txt", "the text was", "bytes"]);
    let run = workshop.run(&run("--min-count 1")).succeeded();
    assert!(run.stderr.contains("is of an earlier run, and is overwritten"), "{}", run.stderr);
    assert!(!workshop.path("out/vectors-checkpoint").exists());
}

#[test]
fn a_folder_of_texts_of_several_kinds_is_read_without_a_word_about_annotation() {
    let workshop = prepared();
    workshop.write("texts/a.jsonl", "{\"text\": \"Ada met Bob, and Bob met Ada.\"}\n");
    workshop.write("texts/b.txt", "Bob met Ada.\n");
    workshop.write("texts/notes.log", "Eve came.\n");
    let run = workshop.run(&format!("train-vectors texts -o out {SMALL}")).succeeded();
    assert!(run.stderr.contains("13 tokens, 6 words"), "{}", run.stderr);
    assert!(run.stderr.contains("notes.log: not read"), "{}", run.stderr);
    assert!(!run.stderr.contains("annotation"), "{}", run.stderr);
}

#[test]
fn what_stands_beside_spacy_files_is_left_out_and_named() {
    let workshop = prepared();
    workshop.write("texts/labels.json", "[\"PERSON\"]");
    workshop.write("texts/b.txt", "Bob met Bob.\n");
    workshop.run("convert train.jsonl texts").succeeded();
    let run = workshop.run(&format!("train-vectors texts -o out {SMALL} --mode table")).succeeded();
    let left_out =
        "labels.json: not read, since in a folder with .spacy files they and .txt files are read alone";
    assert!(run.stderr.contains(left_out), "{}", run.stderr);
    let found = vectors(&workshop, "out");
    for word in ["Bob", "Barbara"] {
        assert!(found.row(StringId::of(word)).is_some(), "{word}");
    }
}

#[test]
fn what_cannot_be_learned_from_is_told_with_the_mend() {
    let workshop = prepared();
    workshop.write("blank.txt", "\n \n");
    workshop.write("empty.jsonl", "");
    workshop.write("full/letter.txt", "");
    let check = |arguments: &str, code: i32, parts: &[&str]| {
        let run = workshop.run(&format!("train-vectors {arguments} {SMALL}"));
        assert_eq!(run.code, Some(code), "{arguments}\n{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
        }
        assert!(!workshop.path("out/config.cfg").exists());
    };
    check("missing.txt -o out", 2, &["missing.txt", "no such file"]);
    check("-o out", 2, &["RAW"]);
    check(
        "raw.txt blank.txt -o out",
        1,
        &["RAW blank.txt", "no text with a word", ".txt with a text a line"],
    );
    check("empty.jsonl -o out", 1, &["empty.jsonl"]);
    check("raw.txt -o out --min-count 1000", 1, &["1000 times", "smaller min_count"]);
    check("raw.txt -o out --lang klingon", 1, &["klingon"]);
    check("raw.txt -o full", 1, &["full: it is there already, and is no pipeline; name another place"]);
    check("raw.txt -o out --window 0", 2, &["--window: expected 1 to 1000"]);
    check("raw.txt -o out --hash-count 5", 2, &["--hash-count: expected 1 to 4"]);
    check("raw.txt -o out --attr SHAPE", 2, &["--attr: expected ORTH, LOWER or NORM"]);
    check("raw.txt -o out --attr COLOUR", 2, &["--attr", "COLOUR"]);
}
