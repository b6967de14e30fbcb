//! Texts whose annotation is not read.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use ner_corpus::reader::UnannotatedTexts;

use crate::reader::tokenizer;

/// The texts below a folder of these files, and what is wrong; the folder is named `DIR`.
#[track_caller]
fn check(files: &[(&str, &str)], expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    expected.assert_eq(&show(folder.path()).replace(folder.path().to_str().unwrap(), "DIR"));
}

fn show(path: &Path) -> String {
    let tokenizer = tokenizer();
    let texts = UnannotatedTexts::new(path, "RAW");
    let texts = texts.examples(&tokenizer);
    let shown =
        texts.map(|text| text.map_or_else(|error| error.to_string(), |text| text.predicted.text()) + "\n");
    shown.collect()
}

#[test]
fn a_folder_holds_texts_of_all_kinds() {
    check(
        &[
            ("b.txt", "Ada met Bob.\nAda B-A\n"),
            ("a.jsonl", "{\"text\": \"One.\"}\n{\"text\": \"Two.\", \"entities\": [[0, 9, \"A\"]]}\n"),
            ("below/c.conll", "Eve B-A\nslept O\n"),
            ("below/D.TXT", "Last.\n"),
            ("notes.log", "no text"),
        ],
        expect![[r#"
            One.
            Two.
            Ada met Bob.
            Ada B-A
            Last.
            Eve slept 
        "#]],
    );
}

#[test]
fn files_beside_spacy_files_are_left_out_unless_they_are_text() {
    check(
        &[("a.spacy", "no DocBin"), ("b.txt", "Ada."), ("labels/ner.json", "[\"A\"]")],
        expect![[r#"
        DIR/a.spacy: not a .spacy file, or a damaged one: the zlib stream is corrupt; write it anew with DocBin.to_disk
        Ada.
    "#]],
    );
}

#[test]
fn a_folder_without_texts_is_refused() {
    check(
        &[("notes.log", "no text")],
        expect![[r#"
        DIR: no .txt file, nor one of a format that is read, is in this folder or below it; RAW names it
    "#]],
    );
}

#[test]
fn a_missing_path_is_named() {
    let shown = show(Path::new("nowhere.txt"));
    expect![[r#"
        nowhere.txt: there is no such file or directory; RAW names it
    "#]]
    .assert_eq(&shown);
}
