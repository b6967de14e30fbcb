//! Records of all tools, good and bad.

use expect_test::{Expect, expect};
use ner_doc::Doc;
use ner_formats::FormatError;
use ner_formats::account::Account;
use ner_formats::{JsonlWriter, Opened, ReadOptions, Reading};
use serde_json::Map;

use super::support::{shared_tokenizer, show};

fn read_all(lines: &[u8]) -> (Vec<Result<Doc, FormatError>>, Account) {
    let bytes = std::io::Cursor::new(lines.to_vec());
    let opened = Opened::of(Box::new(bytes), std::path::Path::new("a.jsonl"), None).unwrap();
    let mut reading = Reading::of(opened, shared_tokenizer(), &ReadOptions::default()).unwrap();
    let docs = reading.by_ref().collect();
    let account = reading.into_account();
    assert!(account.is_balanced(), "{account:?}");
    (docs, account)
}

#[track_caller]
fn check(lines: &str, expected: Expect) {
    let (docs, account) = read_all(lines.as_bytes());
    let mut shown: Vec<String> =
        docs.iter().map(|doc| doc.as_ref().map_or_else(ToString::to_string, show)).collect();
    shown.extend(account.spans_lost.values().flat_map(|tally| tally.first.clone()));
    shown.extend(account.conflicts.first);
    expected.assert_eq(&(shown.join("\n") + "\n"));
}

#[test]
fn spans_of_every_form_are_read() {
    check(
        r#"{"text": "Ada met Bob", "entities": [[0, 3, "A"], [8, 11, "B"]]}
{"text": "Ada met Bob", "spans": [{"start": 8, "end": 11, "label": "B", "extra": 1}]}
{"text": "Ada met Bob", "ents": []}
{"text": "Ada met Bob", "label": [[0, 3, "A"]], "id": 7}

{"text": "Ada met Bob", "label": "A", "meta": {}}
{"text": "é Ada", "entities": [[2, 5, "A"]]}
{"tokens": ["Ada", "met", "Bob"], "ents": [[0, 2, "A"]]}
{"tokens": ["Ada", "met", "Bob"], "spaces": [true, false, false], "ents": [[2, 3, "A"]]}
{"text": "Ada  met", "tokens": ["Ada", "met"], "spans": [{"token_start": 1, "token_end": 1, "label": "A"}]}
{"text": "don't", "tokens": [{"text": "don't", "start": 0, "end": 5, "id": 0, "ws": false}], "spans": []}
{"text": ""}
"#,
        expect![[r#"
            [AAda_ -met_ [BBob
            -Ada_ -met_ [BBob
            -Ada_ -met_ -Bob
            [AAda_ -met_ -Bob
            ?Ada_ ?met_ ?Bob
            -é_ [AAda
            [AAda_ =Amet_ -Bob_
            -Ada_ -met [ABob
            -Ada_ -  [Amet
            -don\'t

        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    check(
        r#"{"text": "Ada Lovelace met Bob", "entities": [[0, 6, "A"], [13, 21, "B"], [90, 95, "C"]]}
{"text": "Ada met Bob", "entities": [[4, 11, "B"], [0, 5, "A"]]}
{"text": "Ada met Bob", "entities": [[0, 3, "A"], [0, 3, "A"]]}
{"text": "Ada met Bob", "entities": [[0, 3, "A"], [3, 3, "B"]]}
"#,
        expect![[r#"
            ?Ada_ ?Lovelace_ ?met_ ?Bob
            a.jsonl:2: the span 4..11 (B) overlaps the span 0..5 (A); a token belongs to one entity at most, so drop one of them
            [AAda_ -met_ -Bob
            [AAda_ -met_ -Bob
            a.jsonl:1: the span 0..6 (A), "Ada Lo", does not begin and end where tokens do; the tokens ["Ada", "Lovelace"] count as unknown
            a.jsonl:1: the span 13..21 (B) lies outside of the text of 20 characters; the tokens ["met", "Bob"] count as unknown
            a.jsonl:1: the span 90..95 (C) lies outside of the text of 20 characters
            a.jsonl:4: the span 3..3 (B) is empty
            a.jsonl:3: the span 0..3 (A) stands there twice
        "#]],
    );
}

#[test]
fn malformed_lines_are_errors_with_line_and_column() {
    check(
        "{\"text\": \"a\"}\n{\"text\": \n[1]\n{\"spans\": []}\n{\"text\": 1}\n{\"text\": \"a\", \"spans\": [[0, 1]]}\n{\"text\": \"a\", \"spans\": [], \"ents\": []}\n{\"tokens\": [\"a\"], \"spaces\": []}\n{\"text\": \"a b\", \"tokens\": [\"a\", \"c\"]}\n{\"text\": \"a\", \"answer\": \"maybe\"}\n{\"tokens\": [\"a\"], \"ents\": [[0, 2, \"A\"]]}\n{\"text\": \"a b\", \"spaces\": [true, false]}\n{\"text\": \"z\"}\n",
        expect![[r#"
            ?a
            a.jsonl:2:8: not JSON: EOF while parsing a value; each line must hold one record
            a.jsonl:3: the record is [1]; expected an object with "text" or "tokens", or a pair ["text", {"entities": [..]}]
            a.jsonl:4: the record has neither "text" nor "tokens"; it needs one of them
            a.jsonl:5: "text" is 1; expected a string
            a.jsonl:6: a span is [0,1]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            a.jsonl:7: spans stand under "spans" and under "ents"; keep one of them
            a.jsonl:8: 1 tokens but 0 spaces; give one for each token, or none at all
            a.jsonl:9: token 1 ("c") is not what the text has at character 2; only white space may differ
            a.jsonl:10: "answer" is "maybe"; expected "accept", "reject" or "ignore"
            a.jsonl:11: a span is tokens 0..2, and the record has 1; expected at least one token, all of them in the record
            a.jsonl:12: 0 tokens but 2 spaces; give one for each token, or none at all
            ?z
        "#]],
    );
    let bytes: &[u8] = b"{\"text\": \"a\"}\r\n{\"text\": \"\xff\"}\n{\"text\": \"b\"}";
    let shown: Vec<_> =
        read_all(bytes).0.iter().map(|doc| doc.as_ref().map_or_else(ToString::to_string, show)).collect();
    expect![[r#"
        ?a
        a.jsonl:2:11: the text is not in UTF-8 (byte 0xff); convert the file to UTF-8, or say --encoding windows-1252 if it is of that encoding
        ?b"#]]
    .assert_eq(&shown.join("\n"));
}

const QUESTIONS: &str = r#"{"text": "Ada met Bob", "_input_hash": 1, "spans": [{"start": 0, "end": 3, "label": "A", "answer": "accept"}], "answer": "accept"}
{"text": "Eve left", "_input_hash": 2, "spans": [{"start": 0, "end": 3, "label": "A", "answer": "reject"}], "answer": "reject"}
{"text": "Ada met Bob", "_input_hash": 1, "spans": [{"start": 8, "end": 11, "label": "B"}], "answer": "reject"}
{"text": "Ada met Bob", "_input_hash": 1, "spans": [{"start": 4, "end": 7, "label": "B"}], "answer": "ignore"}
"#;

#[test]
fn answers_about_one_text_are_merged() {
    check(
        QUESTIONS,
        expect![[r#"
            [AAda_ ?met_ ?Bob incorrect_spans:2..3:B
            ?Eve_ ?left incorrect_spans:0..1:A
            a.jsonl:4: the span 4..7 (B), and the annotator ignored the text
        "#]],
    );
    let (_, report) = read_all(QUESTIONS.as_bytes());
    expect![[r#"[1, 2, 1] {"A": LabelCounts { n_accepted: 1, n_rejected: 1 }, "B": LabelCounts { n_accepted: 0, n_rejected: 1 }} 4"#]]
        .assert_eq(&format!("{:?} {:?} {}", report.answers, report.labels, report.unknown_tokens));
}

#[test]
fn complete_annotation_says_that_all_else_is_outside() {
    check(
        r#"{"text": "Ada met Bob", "tokens": [{"text": "Ada", "start": 0, "end": 3, "id": 0}, {"text": "met", "start": 4, "end": 7, "id": 1}, {"text": "Bob", "start": 8, "end": 11, "id": 2}], "_input_hash": 1, "answer": "accept"}
{"text": "Eve left", "spans": [{"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "A"}], "answer": "accept"}
{"text": "Eve left", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner_manual", "answer": "reject"}
{"text": "Zoe left", "answer": "reject"}
"#,
        expect![[r#"
            -Ada_ -met_ -Bob
            [AEve_ -left
            a.jsonl:3: the span 0..3 (A), and the annotator refused the text
        "#]],
    );
}

#[test]
fn later_decisions_hold_and_contradictions_are_named() {
    check(
        r#"{"text": "Ada met Bob", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner", "answer": "accept"}
{"text": "Ada met Bob", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner", "answer": "reject"}
{"text": "Eve left", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner", "answer": "accept"}
{"text": "Eve left", "spans": [{"start": 0, "end": 8, "label": "A"}], "_view_id": "ner", "answer": "accept"}
{"text": "Zoe left", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner", "answer": "reject"}
{"text": "Zoe left", "spans": [{"start": 0, "end": 3, "label": "A"}], "_view_id": "ner_manual", "answer": "accept"}
{"text": "Kim left", "spans": [{"start": 0, "end": 3, "label": "A"}], "answer": "accept"}
{"text": "Kim left", "answer": "accept"}
"#,
        expect![[r#"
            ?Ada_ ?met_ ?Bob incorrect_spans:0..1:A
            [AEve_ =Aleft
            [AZoe_ -left
            -Kim_ -left
            a.jsonl:1: the span 0..3 (A), by a.jsonl:2
            a.jsonl:3: the span 0..3 (A), by a.jsonl:4
            a.jsonl:5: the span 0..3 (A), by a.jsonl:6
            a.jsonl:7: the span 0..3 (A), by a.jsonl:8
            a.jsonl:2: contradicts what a.jsonl:1 says of the span 0..3 (A) in "Ada met Bob", which is dropped
            a.jsonl:4: contradicts what a.jsonl:3 says of the span 0..3 (A) in "Eve left", which is dropped
            a.jsonl:6: contradicts what a.jsonl:5 says of the span 0..3 (A) in "Zoe left", which is dropped
            a.jsonl:8: annotates "Kim left" otherwise than a.jsonl:7, which is dropped
        "#]],
    );
}

#[test]
fn what_is_written_is_read_again() {
    let lines = r#"{"text":"é Ada met","tokens":["é","Ada met"],"spaces":[true,false],"ents":[{"start":2,"end":9,"label":"A","kb_id":"Q1","id":"x"}],"meta":{"k":[1]}}
{"text":"Ada","tokens":["Ada"],"spaces":[false],"meta":{"k":[1]}}
{"text":"a b c","tokens":["a"," b"," ","c"],"spaces":[false,false,false,false],"ents":[{"start":1,"end":3,"label":"A"},{"start":0,"end":3,"label":"A","answer":"reject"}],"unknown":[[0,1],[3,5]],"meta":{"k":[1]}}
{"text":"Ada","tokens":["Ada"],"spaces":[false],"ents":[{"start":0,"end":3,"label":"","answer":"reject"}],"unknown":[[0,3]],"meta":{"k":[1]}}
"#;
    let (docs, _) = read_all(lines.as_bytes());
    let fields: Map<_, _> = serde_json::from_str(r#"{"text": "ignored", "meta": {"k": [1]}}"#).unwrap();
    let mut bytes = Vec::new();
    let mut writer = JsonlWriter::new(&mut bytes, std::path::Path::new("b.jsonl")).with_tokens();
    for doc in docs {
        writer.write(&doc.unwrap(), fields.clone()).unwrap();
    }
    assert_eq!(String::from_utf8(bytes).unwrap(), lines);
}
