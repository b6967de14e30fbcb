//! Files of a model that are not what they should be: pointers of Git LFS, empty and cut ones.

use std::fs;

use crate::workshop::{Workshop, files, model};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4321987\n";

fn copied() -> Workshop {
    let workshop = Workshop::new();
    for (name, content) in files(model().as_ref()) {
        workshop.write(&format!("model/{}", name.display()), content);
    }
    workshop.write("in.jsonl", "{\"text\": \"Ada lives in Paris .\"}\n");
    workshop
}

/// Opens the trained pipeline with another content of one of its files.
#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, parts: &[&str]) {
    let workshop = copied();
    workshop.write(&format!("model/{name}"), content);
    let run = workshop.run("apply model in.jsonl -");
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
    for part in parts.iter().chain(&[&*format!("model/{name}: ")]) {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

#[test]
fn pointers_of_git_lfs_are_named() {
    for name in [
        "ner/model",
        "ner/moves",
        "ner/cfg",
        "tok2vec/model",
        "tokenizer",
        "vocab/strings.json",
        "vocab/lookups.bin",
        "vocab/vectors",
        "config.cfg",
        "meta.json",
    ] {
        check(name, POINTER, &["a pointer of Git LFS", "git lfs pull"]);
    }
    let workshop = copied();
    workshop.write("model.whl", POINTER);
    workshop.write("train.spacy", POINTER);
    for arguments in [
        "info model.whl",
        "evaluate model train.spacy",
        "convert train.spacy out",
        "apply model train.spacy -",
    ] {
        let run = workshop.run(arguments);
        assert!(run.code == Some(1) && run.stderr.contains("git lfs pull"), "{arguments}\n{}", run.stderr);
    }
}

#[test]
fn empty_and_cut_files_are_named() {
    for name in [
        "ner/model",
        "ner/moves",
        "tok2vec/model",
        "tokenizer",
        "vocab/strings.json",
        "vocab/lookups.bin",
        "meta.json",
    ] {
        check(name, "", &["the file is empty"]);
    }
    let weights = fs::read(format!("{}/ner/model", model())).unwrap();
    check("ner/model", &weights[..weights.len() / 2], &["the end of the file", "cut short"]);
}

#[test]
fn a_mark_before_a_text_is_skipped() {
    let workshop = copied();
    for name in ["model/meta.json", "model/config.cfg"] {
        workshop.write(name, format!("\u{feff}{}", workshop.read(name)));
    }
    let run = workshop.run("apply model in.jsonl -").succeeded();
    assert!(run.stdout.contains("PERSON"), "{}", run.stdout);
}
