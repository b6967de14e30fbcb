//! Label Studio's exports.

use expect_test::expect;

use super::check;

#[test]
fn tasks_are_read_from_all_exports() {
    check(
        "export.json",
        r#"[{"id": 1, "annotations": [{"id": 5, "was_cancelled": false, "result": [{"id": "a0", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 0, "end": 4, "text": "Mira", "labels": ["PERSON"]}}, {"id": "a1", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 13, "end": 17, "text": "Tovo", "labels": ["GPE"]}}]}], "data": {"text": "Mira rows in Tovo."}}, {"id": 1, "annotations": [{"id": 5, "was_cancelled": false, "result": []}], "data": {"text": "Nobody came."}}]"#,
        expect![[r#"
        [PERSON Mira] rows in [GPE Tovo] .
        Nobody came .
        ℹ export.json: read as label-studio, Label Studio's exports JSON and JSON-MIN
    "#]],
    );
    check(
        "export.jsonl",
        r#"{"id": 1, "annotations": [{"id": 5, "was_cancelled": false, "result": [{"id": "a0", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 0, "end": 4, "text": "Mira", "labels": ["PERSON"]}}, {"id": "a1", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": 13, "end": 17, "text": "Tovo", "labels": ["GPE"]}}]}], "data": {"text": "Mira rows in Tovo."}}
{"id": 1, "annotations": [{"id": 5, "was_cancelled": false, "result": []}], "data": {"text": "Nobody came."}}
"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            Nobody came .
        "#]],
    );
    check(
        "min.json",
        r#"[{"id": 1, "text": "Mira rows in Tovo.", "label": [{"start": 0, "end": 4, "text": "Mira", "labels": ["PERSON"]}, {"start": 13, "end": 17, "text": "Tovo", "labels": ["GPE"]}], "annotator": 1}, {"id": 1, "text": "Nobody came.", "label": [], "annotator": 1}]"#,
        expect![[r#"
        [PERSON Mira] rows in [GPE Tovo] .
        Nobody came .
        ℹ min.json: read as label-studio, Label Studio's exports JSON and JSON-MIN
    "#]],
    );
    check(
        "min.jsonl",
        r#"{"id": 1, "text": "Mira rows in Tovo.", "label": [{"start": 0, "end": 4, "text": "Mira", "labels": ["PERSON"]}, {"start": 13, "end": 17, "text": "Tovo", "labels": ["GPE"]}], "annotator": 1}
{"id": 1, "text": "Nobody came.", "label": [], "annotator": 1}
"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            Nobody came .
        "#]],
    );
    check(
        "min-unlabelled.jsonl",
        r#"{"id": 2, "text": "Nobody came.", "annotator": 1}
"#,
        expect![[r#"
            ? Nobody came .
            ⚠ min-unlabelled.jsonl: 1 of 1 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: id, text, annotator
        "#]],
    );
    check(
        "cancelled.jsonl",
        r#"{"id": 1, "annotations": [{"was_cancelled": true, "result": []}], "data": {"text": "Mira rows in Tovo."}}
"#,
        expect![[r#"
            ℹ cancelled.jsonl: 1 of 1 records were ignored or cancelled by the annotator
        "#]],
    );
    check(
        "old.jsonl",
        r#"{"id": 1, "completions": [{"result": [{"type": "labels", "value": {"start": 0, "end": 4, "text": "Mira", "labels": ["PERSON"]}}]}], "data": {"text": "Mira rows in Tovo."}}
"#,
        expect![[r#"
            [PERSON Mira] rows in Tovo .
        "#]],
    );
}

#[test]
fn what_a_project_of_many_annotators_holds_is_counted() {
    check(
        "project.json",
        r#"[
{"id": 1, "data": {"text": "Mira met Orr."}, "annotations": [
  {"id": 1, "was_cancelled": false, "result": [{"id": "a", "type": "labels", "value": {"start": 0, "end": 4, "text": "Mira", "labels": ["PER"]}}]},
  {"id": 2, "was_cancelled": false, "result": [{"id": "a", "type": "labels", "value": {"start": 9, "end": 12, "text": "Orr", "labels": ["PER"]}}]}]},
{"id": 2, "data": {"body": "Tovo lies north."}, "annotations": [{"id": 3, "result": [
  {"id": "b", "type": "labels", "value": {"start": 0, "end": 4, "text": "Tovo", "labels": ["GPE", "LOC"]}},
  {"id": "c", "type": "labels", "value": {"start": 5, "end": 9, "text": "Tovo", "labels": ["GPE"]}},
  {"id": "d", "type": "labels", "value": {"start": 10, "end": 15, "text": "north", "labels": []}},
  {"from_id": "b", "to_id": "c", "type": "relation", "direction": "right"},
  {"id": "e", "type": "choices", "value": {"choices": ["geo"]}}]}], "predictions": []},
{"id": 3, "data": {"text": "Nobody came."}, "annotations": [], "predictions": [{"result": []}]},
{"id": 4, "data": {"image": "https://example.org/a.png"}, "annotations": [{"id": 5, "result": []}]},
{"id": 5, "data": {"title": "One", "body": "Two"}, "annotations": [{"id": 6, "result": []}]}
]
"#,
        expect![[r#"
            [GPE Tovo] lies north .
            ? Nobody came .
            ✘ project.json:13: "data" is {"title":"One","body":"Two"}; expected one text; call the one that was annotated "text"
            Mira met [PER Orr] .
            ℹ project.json: read as label-studio, Label Studio's exports JSON and JSON-MIN
            ⚠ project.json: 1 of 6 records cannot be read:
            ⚠ project.json:13: "data" is {"title":"One","body":"Two"}; expected one text; call the one that was annotated "text"
            ⚠ project.json: 1 of 6 records hold no text, or nothing about entities in it:
            ⚠ project.json:12: the task is about no text
            ⚠ project.json: 1 of 6 spans carry another text than their offsets select:
            ⚠ project.json:5: the span 5..9 (GPE) says "Tovo", but its offsets select "lies"; the tokens ["lies"] count as unknown
            ⚠ project.json: 1 of 6 spans have a label beside the one that was taken:
            ⚠ project.json:5: the span 0..4 (GPE) has the label LOC too
            ⚠ project.json: 1 of 6 spans have no label:
            ⚠ project.json:5: the span 10..15 has no label
            ⚠ project.json: decisions that contradict earlier ones, of which the later hold (1):
            ⚠ project.json:2: annotates "Mira met Orr." otherwise than project.json:2, which is dropped
            ⚠ project.json: not read, since only entities are: choices (1)
            ⚠ project.json: not read, since only entities are: predictions (1)
            ⚠ project.json: not read, since only entities are: relations (1)
            ⚠ project.json: 1 of 6 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: id, data, annotations, predictions
            ℹ Answers: 2 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 1.
            ℹ GPE: 1 accepted, 0 known to be wrong
            ℹ PER: 1 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "min.json",
        r#"[{"id": 1, "text": "Mira rows.", "ner": [{"start": 0, "end": 4, "text": "Mira", "labels": ["PER", "HERO"]}], "sentiment": "good", "annotator": 1, "annotation_id": 1}]"#,
        expect![[r#"
            [PER Mira] rows .
            ℹ min.json: read as label-studio, Label Studio's exports JSON and JSON-MIN
            ⚠ min.json: 1 of 2 spans have a label beside the one that was taken:
            ⚠ min.json:1: the span 0..4 (PER) has the label HERO too
        "#]],
    );
}

#[test]
fn an_annotation_without_results_is_none() {
    let task = r#"{"id": 1, "annotations": [{"id": 5, "results": []}], "data": {"text": "Mira rows."}}"#;
    check(
        "a.json",
        task,
        expect![[r#"
        ✘ a.json:1: "annotations[..]" is {"id":5,"results":[]}; expected an object with a list "result"
        ℹ a.json: read as label-studio, Label Studio's exports JSON and JSON-MIN
        ⚠ a.json: 1 of 1 records cannot be read:
        ⚠ a.json:1: "annotations[..]" is {"id":5,"results":[]}; expected an object with a list "result"
    "#]],
    );
}
