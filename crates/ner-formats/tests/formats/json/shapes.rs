//! Files of other shapes, and damaged ones: all documents, or an error with the place, the cause and the mend.

use expect_test::{Expect, expect};

use ner_formats::ReadOptions;

use super::check;

const FIRST: &str = r#"{"paragraphs": [{"sentences": [{"tokens": [{"orth": "Mira", "ner": "U-PER"}]}]}]}"#;
const SECOND: &str = r#"{"paragraphs": [{"sentences": [{"tokens": [{"orth": "Tovo", "ner": "U-GPE"}]}]}]}"#;

#[test]
fn damaged_training_json_is_never_read_in_part() {
    let check = |text: &str, expected: Expect| check("a.json", text, expected);
    let whole = format!("[{FIRST}, {SECOND}]");
    check(
        &whole,
        expect![[r#"
        [PER Mira]
        [GPE Tovo]
    "#]],
    );
    check(
        &whole[..whole.len() - 20],
        expect![[r#"
        ✘ a.json:1:146: not JSON: EOF while parsing a string; the file ends inside record 2: it was cut short
    "#]],
    );
    check(
        &whole[..whole.len() - 1],
        expect![[r#"
            ✘ a.json:1:165: not JSON: EOF while parsing a list; the ] behind record 2 is missing: add it if that is the last one
        "#]],
    );
    check(
        &format!("[{FIRST} {SECOND}]"),
        expect![[r#"
            ✘ a.json:1:84: not JSON: expected `,` or `]`; records in order before it: 1
        "#]],
    );
    check(
        &format!("[{FIRST}, 17, oops, {SECOND}]"),
        expect![[r#"
            ✘ a.json:1:89: not JSON: expected value; records in order before it: 2
        "#]],
    );
    check(
        &format!("[{FIRST}, 17, {SECOND}]"),
        expect![[r#"
            ✘ a.json:1:86: not spaCy's training JSON: invalid type: integer `17`, expected an object; expected {"paragraphs": [{"sentences": [{"tokens": [..]}]}]}, or records with "text" and "entities"
        "#]],
    );
    check(
        &format!("{whole}\n<<<<<<< HEAD\n{whole}"),
        expect![[r#"
            ✘ a.json:2:1: not JSON: this is a conflict mark of git; resolve the conflict and keep one side; records in order before it: 2
        "#]],
    );
    check(
        &format!("[{FIRST},\n<<<<<<< HEAD\n{SECOND}]"),
        expect![[r#"
            ✘ a.json:2:1: not JSON: this is a conflict mark of git; resolve the conflict and keep one side; records in order before it: 1
        "#]],
    );
}

#[test]
fn training_json_is_read_however_its_documents_are_laid_out() {
    let check = |text: &str, expected: Expect| check("a.json", text, expected);
    check(
        &format!("{FIRST}\n{SECOND}\n"),
        expect![[r#"
        [PER Mira]
        [GPE Tovo]
    "#]],
    );
    check(
        FIRST,
        expect![[r#"
        [PER Mira]
    "#]],
    );
    check(
        &format!("{{\"docs\": [{FIRST}, {SECOND}]}}"),
        expect![[r#"
        [PER Mira]
        [GPE Tovo]
    "#]],
    );
    check(
        &format!("[[{FIRST}], [{SECOND}]]"),
        expect![[r#"
        [PER Mira]
        [GPE Tovo]
    "#]],
    );
    check(
        &format!("\u{feff}[{FIRST}, {SECOND}]"),
        expect![[r#"
        [PER Mira]
        [GPE Tovo]
    "#]],
    );
}

#[test]
fn records_are_read_in_the_shapes_of_tutorials() {
    check(
        "pairs.json",
        r#"[["Mira rows in Tovo.", {"entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}], ["Kellan Orr sings.", {"entities": [[0, 10, "PERSON"]]}]]"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            [PERSON Kellan Orr] sings .
            ℹ pairs.json: read as jsonl, records of text or tokens with spans or tags, and pairs of a text and its annotation
        "#]],
    );
    check(
        "pairs.jsonl",
        r#"["Mira rows in Tovo.", {"entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}]
["Kellan Orr sings.", {"entities": [[0, 10, "PERSON"]]}]
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
    [PERSON Kellan Orr] sings .
"#]],
    );
    check(
        "annotator.json",
        r#"{"classes": ["PERSON", "GPE"], "annotations": [["Mira rows in Tovo.", {"entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}], ["Kellan Orr sings.", {"entities": [[0, 10, "PERSON"]]}], null]}"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            [PERSON Kellan Orr] sings .
            ℹ annotator.json: read as jsonl, records of text or tokens with spans or tags, and pairs of a text and its annotation
            ℹ annotator.json: 1 of 3 records were ignored or cancelled by the annotator
        "#]],
    );
    check(
        "array.json",
        r#"[{"text": "Mira rows in Tovo.", "entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}, {"text": "Kellan Orr sings.", "entities": [[0, 10, "PERSON"]]}]"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            [PERSON Kellan Orr] sings .
            ℹ array.json: read as jsonl, records of text or tokens with spans or tags, and pairs of a text and its annotation
        "#]],
    );
    check(
        "to_json.json",
        r#"[{"text": "Mira rows in Tovo.", "ents": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 13, "end": 17, "label": "GPE"}], "sents": [{"start": 0, "end": 18}], "tokens": [{"id": 0, "start": 0, "end": 4}, {"id": 1, "start": 5, "end": 9}, {"id": 2, "start": 10, "end": 12}, {"id": 3, "start": 13, "end": 17}, {"id": 4, "start": 17, "end": 18}]}, {"text": "Kellan Orr sings.", "ents": [{"start": 0, "end": 10, "label": "PERSON"}], "sents": [{"start": 0, "end": 17}], "tokens": [{"id": 0, "start": 0, "end": 6}, {"id": 1, "start": 7, "end": 10}, {"id": 2, "start": 11, "end": 16}, {"id": 3, "start": 16, "end": 17}]}]"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            [PERSON Kellan Orr] sings .
            ℹ to_json.json: read as jsonl, records of text or tokens with spans or tags, and pairs of a text and its annotation
        "#]],
    );
    check(
        "to_json.jsonl",
        r#"{"text": "Mira rows in Tovo.", "ents": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 13, "end": 17, "label": "GPE"}], "sents": [{"start": 0, "end": 18}], "tokens": [{"id": 0, "start": 0, "end": 4}, {"id": 1, "start": 5, "end": 9}, {"id": 2, "start": 10, "end": 12}, {"id": 3, "start": 13, "end": 17}, {"id": 4, "start": 17, "end": 18}]}
{"text": "Kellan Orr sings.", "ents": [{"start": 0, "end": 10, "label": "PERSON"}], "sents": [{"start": 0, "end": 17}], "tokens": [{"id": 0, "start": 0, "end": 6}, {"id": 1, "start": 7, "end": 10}, {"id": 2, "start": 11, "end": 16}, {"id": 3, "start": 16, "end": 17}]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
    [PERSON Kellan Orr] sings .
"#]],
    );
    check(
        "null-annotation.jsonl",
        r#"{"text": "Mira rows.", "entities": null}
"#,
        expect![[r#"
            ? Mira rows .
            ⚠ null-annotation.jsonl: 1 of 1 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: text, entities
        "#]],
    );
}

#[test]
fn spans_of_training_json_are_read_where_tokens_have_no_tags() {
    check(
        "raw-entities.json",
        r#"[{"id": 0, "paragraphs": [{"raw": "Mira rows in Tovo.", "entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}, {"raw": "Kellan Orr sings.", "entities": [[0, 10, "PERSON"]]}]}]"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            [PERSON Kellan Orr] sings .
            ℹ raw-entities.json: read as json-spans, training JSON of spaCy without tokens: paragraphs of a text with spans of characters
        "#]],
    );
    check(
        "tokens-and-entities.json",
        r#"[{"id": 0, "paragraphs": [{"raw": "Mira rows in Tovo.", "entities": [[0, 4, "PERSON"], [13, 17, "GPE"]], "sentences": [{"tokens": [{"id": 0, "orth": "Mira"}, {"id": 1, "orth": "rows"}, {"id": 2, "orth": "in"}, {"id": 3, "orth": "Tovo"}, {"id": 4, "orth": "."}]}]}]}]"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
        "#]],
    );
    check(
        "faults.json",
        r#"[{"paragraphs": [
  {"raw": "Mira  rows. Orr rows.", "entities": [[0, 4, "PER"], [0, 4, "PER"], [12, 14, "PER"], [6, 10, ["ACT", "X"]], [0, 4, []]],
   "sentences": [{"tokens": [{"orth": "Mira"}, {"orth": "rows"}, {"orth": "."}]}, {"tokens": [{"orth": "Orr"}, {"orth": "rows"}, {"orth": "."}]}]},
  {"raw": "Mira rows", "entities": [[0, 4, "PER"]], "sentences": [{"tokens": [{"orth": "Mira", "ner": "U-PER"}, {"orth": "rows", "ner": "O"}]}]},
  {"raw": "Mira rows", "entities": [[5, 9, "PER"]], "sentences": [{"tokens": [{"orth": "Mira", "ner": "U-PER"}, {"orth": "rows", "ner": "O"}]}]}
]}]"#,
        expect![[r#"
            [PER Mira] [ACT rows] . Orr rows .
            [PER Mira] rows
            [PER Mira] rows
            ⚠ faults.json: 1 of 8 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ faults.json:1: document 1: the span 12..14 (PER) does not begin and end where tokens do
            ℹ faults.json: 1 of 8 spans stand in their record twice, or in records of the same text; one was kept
            ⚠ faults.json: 1 of 8 spans have a label beside the one that was taken:
            ⚠ faults.json:1: document 1: the span 6..10 (ACT) has the label X too
            ⚠ faults.json: 1 of 8 spans have no label:
            ⚠ faults.json:1: document 1: the span 0..4 has no label
            ⚠ faults.json: the `entities` of 1 of 3 paragraphs differ from the tags `ner` of their tokens; the tags hold
        "#]],
    );
    check(
        "mixed.json",
        r#"[{"paragraphs": [{"raw": "Mira rows", "entities": []}]}, {"paragraphs": [{"raw": "Mira rows", "sentences": []}]}, {"paragraphs": [{"raw": "Mira rows"}]}]"#,
        expect![[r#"
            Mira rows
            ✘ mixed.json:1: document 2: "sentences" is []; expected none, since the first paragraph has none
            ? Mira rows
            ℹ mixed.json: read as json-spans, training JSON of spaCy without tokens: paragraphs of a text with spans of characters
            ⚠ mixed.json: 1 of 3 records cannot be read:
            ⚠ mixed.json:1: document 2: "sentences" is []; expected none, since the first paragraph has none
            ⚠ mixed.json: 1 of 3 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: raw
        "#]],
    );
}

#[test]
fn records_longer_than_what_is_looked_at_first_are_recognised() {
    let text = "Mira rows. ".repeat(10_000);
    let record = format!(r#"{{"text": "{text}", "entities": [[0, 4, "PER"]]}}"#);
    let task = format!(r#"{{"data": {{"text": "{text}"}}, "annotations": [{{"result": []}}]}}"#);
    let count = |text: &str| {
        let lines = super::read_with("a.json", text, &ReadOptions::default()).unwrap();
        let is_doc = |line: &&String| line.contains("Mira");
        (lines.iter().filter(is_doc).count(), lines.last().unwrap().clone())
    };
    for text in [
        format!("{record}\n{record}\n"),
        format!("[{record},{record}]"),
        format!("[\n{record},\n{record}\n]"),
    ] {
        let (n_docs, message) = count(&text);
        assert_eq!((n_docs, message.contains("read as jsonl")), (2, true), "{message}");
    }
    let (n_docs, message) = count(&format!("{{\"tasks\": [{task}, {task}]}}"));
    assert_eq!((n_docs, message.contains("read as label-studio")), (2, true), "{message}");
}
