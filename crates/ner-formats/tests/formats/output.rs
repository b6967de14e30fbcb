//! What is written in each form, and what is said of that which a form cannot say.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use ner_formats::account::Message;
use ner_formats::convert::{ConvertOptions, FileType, Output, convert_path};
use ner_formats::{FormatError, ReadOptions};

/// A text of which all is known, one known in part, and one of which nothing is known.
const RECORDS: &str = r#"{"text": "Mira met\nOrr|e in Tovo.", "entities": [{"start": 0, "end": 4, "label": "PERSON", "kb_id": "Q1"}, [9, 14, "two words"]]}
{"text": "Mira left.", "tokens": ["Mira", "left", "."], "ents": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 5, "end": 9, "label": "PERSON", "answer": "reject"}], "unknown": [[9, 10]]}
{"text": "Nobody came."}
"#;

/// Converts a file, and gives back what was written to the stream and said.
fn convert(name: &str, text: &str, options: &ConvertOptions) -> Result<(String, String), FormatError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    let (mut written, mut said) = (Vec::new(), String::new());
    // What is said of the reading is not looked at here.
    let mut report = |message: Message| {
        if message.text.contains(" cannot say ") {
            said += &format!("{message}\n");
        }
    };
    convert_path(&file, Output::Stream(&mut written), options, &mut report)?;
    Ok((String::from_utf8(written).unwrap(), said))
}

fn options(file_type: &str) -> ConvertOptions {
    ConvertOptions { file_type: file_type.parse().unwrap(), ..ConvertOptions::default() }
}

#[track_caller]
fn check_with(options: &ConvertOptions, expected: Expect) {
    let (written, said) = convert("a.jsonl", RECORDS, options).unwrap();
    expected.assert_eq(&(written + &said));
}

#[track_caller]
fn check(file_type: &str, expected: Expect) {
    check_with(&options(file_type), expected);
}

#[test]
fn token_lines() {
    check(
        "conll",
        expect![[r#"
            -DOCSTART- -X- O O

            Mira	B-PERSON
            met	O
            Orr|e	B-two words
            in	O
            Tovo	O
            .	O

            -DOCSTART- -X- O O

            Mira	B-PERSON
            left	O
            .	-

            -DOCSTART- -X- O O

            Nobody	-
            came	-
            .	-

            ⚠ conll cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
            ⚠ conll cannot say words with some characters (words: 1, documents: 1): they are changed or left out; use jsonl or spacy
            ⚠ conll cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
            ℹ conll cannot say which words no space follows (words: 5, documents: 3): they get a space; use jsonl or spacy
        "#]],
    );
    check(
        "iob",
        expect![[r#"
            Mira|B-PERSON met|O Orr_e|B-two_words in|O Tovo|O .|O
            Mira|B-PERSON left|O .|-
            Nobody|- came|- .|-
            ⚠ iob cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
            ⚠ iob cannot say words with some characters (words: 2, documents: 1): they are changed or left out; use jsonl or spacy
            ⚠ iob cannot say labels with some characters (labels: 1, documents: 1): they are changed; use jsonl or spacy
            ⚠ iob cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
            ℹ iob cannot say which words no space follows (words: 5, documents: 3): they get a space; use jsonl or spacy
        "#]],
    );
}

#[test]
fn json_lines() {
    check(
        "jsonl",
        expect![[r#"
        {"text":"Mira met\nOrr|e in Tovo.","tokens":["Mira","met","\n","Orr|e","in","Tovo","."],"spaces":[true,false,false,true,true,false,false],"ents":[{"start":0,"end":4,"label":"PERSON","kb_id":"Q1"},{"start":9,"end":14,"label":"two words"}]}
        {"text":"Mira left.","tokens":["Mira","left","."],"spaces":[true,false,false],"ents":[{"start":0,"end":4,"label":"PERSON"},{"start":5,"end":9,"label":"PERSON","answer":"reject"}],"unknown":[[9,10]]}
        {"text":"Nobody came.","tokens":["Nobody","came","."],"spaces":[true,false,false]}
    "#]],
    );
}

#[test]
fn doccano() {
    check(
        "doccano",
        expect![[r#"
            {"text":"Mira met\nOrr|e in Tovo.","label":[[0,4,"PERSON"],[9,14,"two words"]]}
            {"text":"Mira left.","label":[[0,4,"PERSON"]]}
            {"text":"Nobody came."}
            ⚠ doccano cannot say which tokens are unknown (tokens: 1, documents: 1): they are written as outside; use jsonl or spacy
            ⚠ doccano cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
            ⚠ doccano cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
        "#]],
    );
}

#[test]
fn prodigy() {
    check(
        "prodigy",
        expect![[r#"
        {"text":"Mira met\nOrr|e in Tovo.","tokens":[{"text":"Mira","start":0,"end":4,"id":0,"ws":true},{"text":"met","start":5,"end":8,"id":1,"ws":false},{"text":"\n","start":8,"end":9,"id":2,"ws":false},{"text":"Orr|e","start":9,"end":14,"id":3,"ws":true},{"text":"in","start":15,"end":17,"id":4,"ws":true},{"text":"Tovo","start":18,"end":22,"id":5,"ws":false},{"text":".","start":22,"end":23,"id":6,"ws":false}],"spans":[{"start":0,"end":4,"token_start":0,"token_end":0,"label":"PERSON","kb_id":"Q1"},{"start":9,"end":14,"token_start":3,"token_end":3,"label":"two words"}],"_view_id":"ner_manual","answer":"accept"}
        {"text":"Mira left.","tokens":[{"text":"Mira","start":0,"end":4,"id":0,"ws":true},{"text":"left","start":5,"end":9,"id":1,"ws":false},{"text":".","start":9,"end":10,"id":2,"ws":false}],"spans":[{"start":0,"end":4,"token_start":0,"token_end":0,"label":"PERSON"}],"_view_id":"ner","answer":"accept"}
        {"text":"Mira left.","tokens":[{"text":"Mira","start":0,"end":4,"id":0,"ws":true},{"text":"left","start":5,"end":9,"id":1,"ws":false},{"text":".","start":9,"end":10,"id":2,"ws":false}],"spans":[{"start":5,"end":9,"token_start":1,"token_end":1,"label":""}],"_view_id":"ner","answer":"accept"}
        {"text":"Mira left.","tokens":[{"text":"Mira","start":0,"end":4,"id":0,"ws":true},{"text":"left","start":5,"end":9,"id":1,"ws":false},{"text":".","start":9,"end":10,"id":2,"ws":false}],"spans":[{"start":5,"end":9,"token_start":1,"token_end":1,"label":"PERSON"}],"_view_id":"ner","answer":"reject"}
        {"text":"Nobody came.","tokens":[{"text":"Nobody","start":0,"end":6,"id":0,"ws":true},{"text":"came","start":7,"end":11,"id":1,"ws":false},{"text":".","start":11,"end":12,"id":2,"ws":false}],"_view_id":"ner_manual"}
    "#]],
    );
}

#[test]
fn label_studio() {
    check(
        "label-studio",
        expect![[r#"
            [
            {"data":{"text":"Mira met\nOrr|e in Tovo."},"annotations":[{"result":[{"id":"entity-1","from_name":"label","to_name":"text","type":"labels","value":{"start":0,"end":4,"text":"Mira","labels":["PERSON"]}},{"id":"entity-2","from_name":"label","to_name":"text","type":"labels","value":{"start":9,"end":14,"text":"Orr|e","labels":["two words"]}}]}]},
            {"data":{"text":"Mira left."},"annotations":[{"result":[{"id":"entity-1","from_name":"label","to_name":"text","type":"labels","value":{"start":0,"end":4,"text":"Mira","labels":["PERSON"]}}]}]},
            {"data":{"text":"Nobody came."}}
            ]
            ⚠ label-studio cannot say which tokens are unknown (tokens: 1, documents: 1): they are written as outside; use jsonl or spacy
            ⚠ label-studio cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
            ⚠ label-studio cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
        "#]],
    );
    let predictions = ConvertOptions { as_predictions: true, ..options("label-studio") };
    check_with(
        &predictions,
        expect![[r#"
            [
            {"data":{"text":"Mira met\nOrr|e in Tovo."},"predictions":[{"model_version":"ner","result":[{"id":"entity-1","from_name":"label","to_name":"text","type":"labels","value":{"start":0,"end":4,"text":"Mira","labels":["PERSON"]}},{"id":"entity-2","from_name":"label","to_name":"text","type":"labels","value":{"start":9,"end":14,"text":"Orr|e","labels":["two words"]}}]}]},
            {"data":{"text":"Mira left."},"predictions":[{"model_version":"ner","result":[{"id":"entity-1","from_name":"label","to_name":"text","type":"labels","value":{"start":0,"end":4,"text":"Mira","labels":["PERSON"]}}]}]},
            {"data":{"text":"Nobody came."},"predictions":[{"model_version":"ner","result":[]}]}
            ]
            ⚠ label-studio cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
            ⚠ label-studio cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
        "#]],
    );
}

/// The files of a folder with their contents.
fn files(folder: &Path) -> String {
    let files = ner_files::files_below(folder).unwrap();
    let show = |file: &std::path::PathBuf| {
        format!("{}\n{}\n", file.strip_prefix(folder).unwrap().display(), fs::read_to_string(file).unwrap())
    };
    files.iter().map(show).collect()
}

#[test]
fn brat() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    fs::write(&file, RECORDS).unwrap();
    let out = folder.path().join("out");
    let write = || {
        let mut said = String::new();
        let result = convert_path(&file, Output::Directory(&out), &options("brat"), &mut |message| {
            if !message.text.contains("have no annotation") {
                said += &format!("{message}\n");
            }
        });
        result.map(|_| said).unwrap_or_else(|error| error.to_string())
    };
    let said = write().replace(&format!("{}/", folder.path().display()), "");
    expect![[r#"
        a/a-0001.ann
        T1	PERSON 0 4	Mira
        T2	two_words 9 14	Orr|e

        a/a-0001.txt
        Mira met
        Orr|e in Tovo.
        a/a-0002.ann
        T1	PERSON 0 4	Mira

        a/a-0002.txt
        Mira left.
        a/a-0003.ann

        a/a-0003.txt
        Nobody came.
        ⚠ brat cannot say which tokens are unknown (tokens: 4, documents: 2): they are written as outside; use jsonl or spacy
        ⚠ brat cannot say which spans are known to be wrong (spans: 1, documents: 1): they are left out; use jsonl or spacy
        ⚠ brat cannot say labels with some characters (labels: 1, documents: 1): they are changed; use jsonl or spacy
        ⚠ brat cannot say ids of a knowledge base (ids: 1, documents: 1): they are left out; use jsonl or spacy
        ✔ Generated output file (3 documents): out/a
    "#]].assert_eq(&(files(&out) + &said));
    // Once more over its own files, but not over those of somebody else.
    assert!(write().contains("Generated"));
    fs::write(out.join("a/notes.md"), "mine").unwrap();
    assert!(write().contains("would be replaced"), "{}", write());
    assert!(out.join("a/notes.md").exists());
}

#[test]
fn lists_and_lines_may_be_empty_of_annotation() {
    let written = |file_type| convert("a.jsonl", "{\"text\": \"\"}\n", &options(file_type)).unwrap().0;
    assert_eq!(
        written("label-studio"),
        "[\n{\"data\":{\"text\":\"\"},\"annotations\":[{\"result\":[]}]}\n]\n"
    );
    assert_eq!(written("iob"), "");
}

#[track_caller]
fn check_error(options: &ConvertOptions, expected: Expect) {
    expected.assert_eq(&convert("a.jsonl", RECORDS, options).unwrap_err().to_string().replace("\n", " / "));
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is_read() {
    check_error(&options("spacy"), expect!["can't write spacy data to stdout; name an output directory"]);
    check_error(&options("brat"), expect!["can't write brat data to stdout; name an output directory"]);
    check_error(
        &ConvertOptions { as_predictions: true, ..options("jsonl") },
        expect!["jsonl does not tell predictions from annotation; choose one of label-studio"],
    );
    let unknown = "csv".parse::<FileType>().unwrap_err().to_string();
    assert!(unknown.starts_with("can't write files of type \"csv\"; choose one of spacy, "), "{unknown}");
}

#[test]
fn nothing_is_lost_with_strict() {
    let read = ReadOptions { strict: true, ..ReadOptions::default() };
    let strict = |file_type| ConvertOptions { read: read.clone(), ..options(file_type) };
    convert("a.jsonl", RECORDS, &strict("jsonl")).unwrap();
    let error = convert("a.jsonl", RECORDS, &strict("doccano")).unwrap_err().to_string();
    assert!(
        error.contains("doccano cannot say which tokens are unknown (tokens: 1, documents: 1)"),
        "{error}"
    );
}
