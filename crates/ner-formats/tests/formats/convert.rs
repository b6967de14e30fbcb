//! Files of any kind into any other, and what is said of files that cannot be converted.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use ner_doc::Doc;
use ner_formats::ReadOptions;
use ner_formats::convert::{ConvertOptions, FileType, Output, convert_path};

use super::support::read;

const CONLL: &str =
    "Ada NNP B-PER\nLovelace NNP I-PER\nsaw VBD O\nLondon NNP B-GPE\n. . O\n\nShe PRP O\nleft VBD O\n";

/// A document as entities in a text, for instance `[PER Ada Lovelace] saw [GPE London]`.
fn show(doc: &Doc) -> String {
    let entities = doc.entities().unwrap();
    let mut shown = Vec::new();
    for (index, token) in doc.tokens.iter().enumerate() {
        let begins = entities.iter().find(|entity| entity.start == index);
        let label = begins.map(|entity| doc.vocab().strings().get(entity.label).unwrap());
        let begin = label.map_or(String::new(), |label| format!("[{label} "));
        let end = if entities.iter().any(|entity| entity.end == index + 1) { "]" } else { "" };
        shown.push(format!("{begin}{}{end}", token.text()));
    }
    shown.join(" ")
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Converts a file and gives back the one that was written.
fn converted(input: &Path, folder: &Path, name: &str) -> PathBuf {
    let file_type: FileType = name.parse().unwrap();
    let options = ConvertOptions {
        file_type,
        read: ReadOptions { n_sents: 10, ..ReadOptions::default() },
        ..ConvertOptions::default()
    };
    convert_path(input, Output::Directory(folder), &options, &mut |_| {}).unwrap();
    folder.join(input.file_name().unwrap()).with_extension(file_type.suffix())
}

#[test]
fn entities_survive_the_way_through_all_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let conll = write(folder.path(), "a.conll", CONLL);
    let mut file = conll;
    let forms = ["json", "jsonl", "conll", "prodigy", "spacy", "doccano", "iob", "jsonl", "json", "spacy"];
    for (step, name) in forms.into_iter().enumerate() {
        file = converted(&file, &folder.path().join(step.to_string()), name);
    }
    let (docs, ..) = read(&file, &ReadOptions::default()).unwrap();
    let shown: Vec<String> = docs.iter().map(show).collect();
    assert_eq!(shown, ["[PER Ada Lovelace] saw [GPE London] . She left"]);
}

#[test]
fn training_json_is_laid_out_as_spacy_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.iob", "é/€|B-PER x|I-PER\n");
    let mut found = Vec::new();
    let options = ConvertOptions { file_type: "json".parse().unwrap(), ..ConvertOptions::default() };
    convert_path(&file, Output::Stream(&mut found), &options, &mut |_| {}).unwrap();
    expect![[r#"
        [
          {
            "id":0,
            "paragraphs":[
              {
                "raw":null,
                "sentences":[
                  {
                    "tokens":[
                      {
                        "id":0,
                        "orth":"\u00e9/\u20ac",
                        "space":" ",
                        "tag":"-",
                        "ner":"B-PER"
                      },
                      {
                        "id":1,
                        "orth":"x",
                        "space":" ",
                        "tag":"-",
                        "ner":"L-PER"
                      }
                    ],
                    "brackets":[

                    ]
                  }
                ],
                "cats":[

                ],
                "entities":[
                  [
                    0,
                    5,
                    "PER"
                  ]
                ],
                "links":[

                ]
              }
            ]
          }
        ]
    "#]]
    .assert_eq(&String::from_utf8(found).unwrap());
}

#[test]
fn prodigy_answers_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let yes = r#"{"text": "Ada left", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept", "_view_id": "ner"}"#;
    let no = r#"{"text": "Ada left", "spans": [{"start": 4, "end": 8, "label": "PER"}], "answer": "reject", "_view_id": "ner"}"#;
    let file = write(folder.path(), "a.jsonl", &format!("{yes}\n{no}\n"));
    let (docs, messages, _) = read(&file, &ReadOptions::default()).unwrap();
    assert_eq!(docs.iter().map(show).collect::<Vec<_>>(), ["[PER Ada] left"]);
    expect![[r#"
        ℹ Answers: 1 accept, 1 reject, 0 ignore. Tokens of which nothing is known: 1.
        ℹ PER: 1 accepted, 1 known to be wrong"#]]
    .assert_eq(&messages.join("\n"));
}

#[track_caller]
fn check_warnings(name: &str, text: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), name, text);
    let place = format!("⚠ {}/", folder.path().display());
    let (_, messages, _) = read(&file, &ReadOptions::default()).unwrap();
    let warnings: Vec<_> = messages.iter().filter_map(|message| message.strip_prefix(&place)).collect();
    expected.assert_eq(&warnings.join("\n"));
}

#[test]
fn tags_that_do_not_follow_are_named() {
    check_warnings(
        "a.conll",
        "Ada NNP B-PER\nLovelace NNP I-ORG\n\nParis NNP I-GPE\n",
        expect![[r#"
            a.conll:2: "Lovelace" has the tag I-ORG after B-PER, not after B-ORG or I-ORG; read as the beginning of an entity
            a.conll:4: "Paris" has the tag I-GPE after no other tag, not after B-GPE or I-GPE; read as the beginning of an entity"#]],
    );
    check_warnings(
        "a.iob",
        &"in|B-LOC Ada|I-PER\n".repeat(9),
        expect![[r#"
            a.iob:1: "Ada" has the tag I-PER after B-LOC, not after B-PER or I-PER; read as the beginning of an entity
            a.iob:2: "Ada" has the tag I-PER after B-LOC, not after B-PER or I-PER; read as the beginning of an entity
            a.iob:3: "Ada" has the tag I-PER after B-LOC, not after B-PER or I-PER; read as the beginning of an entity
            a.iob:4: "Ada" has the tag I-PER after B-LOC, not after B-PER or I-PER; read as the beginning of an entity
            a.iob:5: "Ada" has the tag I-PER after B-LOC, not after B-PER or I-PER; read as the beginning of an entity
            a.iob: 9 tags do not follow the one before them; the first 5 are named above"#]],
    );
    check_warnings(
        "a.conllu",
        "1\tAda\ta\tX\tX\t_\t0\troot\t_\tname=L-PER\n",
        expect![[
            r#"a.conllu:1: "Ada" has the tag L-PER after no other tag, not after B-PER or I-PER; read as the beginning of an entity"#
        ]],
    );
    check_warnings(
        "a.json",
        r#"[{"paragraphs": [{"sentences": [{"tokens": [{"orth": "a", "ner": "B-X"}, {"orth": "b", "ner": "L-Y"}]}]}]}]"#,
        expect![[
            r#"a.json:1: "b" has the tag L-Y after B-X; what no L- closes is no entity, and the label of an L- holds for all that it closes"#
        ]],
    );
}

#[track_caller]
fn check_error(name: &str, text: &str, options: &ReadOptions, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), name, text);
    let error = read(&file, options).unwrap_err();
    let folder = format!("{}/", folder.path().display());
    expected.assert_eq(&error.to_string().replace(&folder, ""));
}

#[test]
fn wrong_files_are_named_with_the_line() {
    let plain = ReadOptions::default();
    check_error(
        "a.conll",
        "Ada B-PER\n\nx O\ny I-\n",
        &plain,
        expect![[
            r#"a.conll:4: "I-" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; its label is missing"#
        ]],
    );
    check_error(
        "a.conll",
        "Ada B-PER\r\n\r\nx O\r\nlone\r\n",
        &plain,
        expect![[r#"a.conll:4: 1 column between white space, most lines have 2; a cell is missing: "lone""#]],
    );
    check_error(
        "a.conll",
        "a O\n\tO\nb O\n",
        &ReadOptions { seg_sents: true, ..plain.clone() },
        expect![[r#"a.conll:2: 1 column between white space, most lines have 2; a cell is missing: "\tO""#]],
    );
    check_error(
        "a.iob",
        "Ada|B-PER\nx|y|z|O\n",
        &plain,
        expect![[r#"a.iob:2: expected word|TAG or word|POS|TAG, found "x|y|z|O"; check the delimiters"#]],
    );
    check_error(
        "a.iob",
        "Ada|B-PER left|VBD|O\nx|O y\n",
        &plain,
        expect![[r#"a.iob:1: expected 2 fields as in "Ada|B-PER", found "left|VBD|O""#]],
    );
    check_error(
        "a.conllu",
        "# text\n1\ta\ta\tX\tX\t_\t0\troot\t_\t_\n2\tb\n",
        &plain,
        expect!["a.conllu:3: expected 10 columns separated by tabs, found 2"],
    );
    check_error(
        "a.conllu",
        "1\ta\ta\tNOPE\tX\t_\t0\troot\t_\t_\n",
        &plain,
        expect![[r#"a.conllu:1: "NOPE" is no universal part of speech, such as NOUN; expected one or _"#]],
    );
    check_error(
        "a.conllu",
        "1\ta\ta\tX\tX\t_\t9\tdep\t_\t_\n",
        &plain,
        expect!["a.conllu:1: head 9 lies outside of the sentence, whose last word is 1"],
    );
    check_error(
        "a.conllu",
        "1\ta\ta\tX\tX\tA=b\t0\troot\t_\t_\n2\ta\ta\tX\tX\tfoo\t1\tdep\t_\t_\n",
        &plain,
        expect![[r#"a.conllu:2: feature "foo" is not of the form Name=Value"#]],
    );
    let merging = ReadOptions { merge_subtokens: true, ..plain.clone() };
    check_error(
        "a.conllu",
        "1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\ta\tX\tX\t_\t0\troot\t_\t_\n",
        &merging,
        expect![[r#"a.conllu:1: range "1-2" does not lie in the sentence, whose last word is 1"#]],
    );
    check_error(
        "a.json",
        "[\n{\"paragraphs\": [\n{\"sentences\": 1}]}]",
        &plain,
        expect![[
            r#"a.json:3:15: not spaCy's training JSON: invalid type: integer `1`, expected a sequence; expected {"paragraphs": [{"sentences": [{"tokens": [..]}]}]}, or records with "text" and "entities""#
        ]],
    );
    let token =
        |token: &str| format!("[\n{{\"paragraphs\": [{{\"sentences\": [{{\"tokens\": [{token}]}}]}}]}}]");
    check_error(
        "a.json",
        &token(r#"{"orth": "a", "ner": "L-X"}"#),
        &plain,
        expect![[
            r#"a.json:2: document 1: token 0 ("a") has the tag L-X, which continues an entity that no tag began; begin it with B- or use U-"#
        ]],
    );
    check_error(
        "a.json",
        &token(r#"{"orth": "a", "tag": "X"}, {"orth": "b"}"#),
        &plain,
        expect![[r#"a.json:2: document 1: token 1 has no "tag", but others do; give all of them one"#]],
    );
    check_error(
        "a.json",
        &token(r#"{"orth": "a", "head": 7, "dep": "x"}"#),
        &plain,
        expect!["a.json:2: document 1: token 0: head 7 lies outside of the 1 tokens"],
    );
    check_error(
        "a.foo",
        "some text\n",
        &plain,
        expect![[
            r#"a.foo: neither its content nor its suffix "foo" is of a format that is read; name one with -c: spacy, brat, webanno, uima-json, uima-xmi, gate, bioc, pubtator, json, json-spans, label-studio, doccano, argilla, prodigy, dataturks, rasa-json, hugging-face, jsonl, conllu, conllubio, rasa, csv, iob, conll, ner"#
        ]],
    );
    let parser = ReadOptions { model: Some("en_core_web_sm".to_owned()), ..plain };
    check_error(
        "a.conll",
        "a O\n",
        &parser,
        expect![[
            r#"sentences by the parser of model "en_core_web_sm" are not available; leave out -b to use the sentencizer"#
        ]],
    );
}

#[test]
fn what_is_not_utf_8_is_named_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.conll");
    fs::write(&file, b"a O\nb\xff O\n").unwrap();
    let error = read(&file, &ReadOptions::default()).unwrap_err().to_string();
    assert!(
        error.contains("a.conll:2:2: the text is not in UTF-8 (byte 0xff); convert the file to UTF-8"),
        "{error}"
    );
}

#[test]
fn accounts_are_written_where_the_options_say() {
    let folder = tempfile::tempdir().unwrap();
    let lines =
        "{\"text\": \"Ada met Bob\", \"entities\": [[0, 3, \"A\"], [4, 9, \"B\"]]}\n{\"text\": \"Eve\"}\n";
    let input = write(folder.path(), "a.jsonl", lines);
    let report = folder.path().join("report.json");
    let options = ConvertOptions { report: Some(report.clone()), ..ConvertOptions::default() };
    convert_path(&input, Output::Directory(folder.path()), &options, &mut |_| {}).unwrap();
    let accounts: serde_json::Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    let account = &accounts[0];
    let counts = ["records", "documents", "unannotated", "spans", "entities"].map(|name| &account[name]);
    assert_eq!(counts, [2, 2, 1, 2, 1]);
    assert_eq!(account["spans_lost"]["misfit"]["count"], 1);
    let read = ReadOptions { strict: true, ..ReadOptions::default() };
    let strict = ConvertOptions { read, ..options };
    convert_path(&input, Output::Directory(folder.path()), &strict, &mut |_| {}).unwrap_err();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&fs::read(&report).unwrap()).unwrap()[0]["spans"],
        2
    );
}
