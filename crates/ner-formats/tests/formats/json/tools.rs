//! The exports of other tools: one file as each writes it, and one with faults that are met.

use expect_test::expect;

use super::check;

#[test]
fn doccano_is_read_in_all_its_ages() {
    check(
        "a.jsonl",
        r#"{"id": 1, "text": "Mira rows in Tovo.", "label": [[0, 4, "PER"], [13, 17, "GPE"]], "Comments": []}
{"id": 2, "text": "Nobody came.", "label": [], "Comments": []}
"#,
        expect![[r#"
            [PER Mira] rows in [GPE Tovo] .
            Nobody came .
        "#]],
    );
    check(
        "relations.jsonl",
        r#"{"id": 1, "text": "Mira rows in Tovo.", "entities": [{"id": 3, "label": "PER", "start_offset": 0, "end_offset": 4}, {"id": 4, "label": "GPE", "start_offset": 13, "end_offset": 17}], "relations": [{"id": 1, "from_id": 3, "to_id": 4, "type": "rows_in"}], "Comments": []}
"#,
        expect![[r#"
            [PER Mira] rows in [GPE Tovo] .
            ⚠ relations.jsonl: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        "old.json",
        r#"[{"id": 15, "text": "Mira rows.", "annotations": [{"label": 7, "start_offset": 0, "end_offset": 4, "user": 1}]}, {"id": 16, "data": "Orr rows.", "label": [[0, 3, "PER"], [0, 3, "PER"]]}]"#,
        expect![[r#"
            ✘ old.json:1: document 1: "label" is 7; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
            [PER Orr] rows .
            ℹ old.json: read as doccano, doccano's exports of all ages, with relations or without
            ⚠ old.json: 1 of 2 records cannot be read:
            ⚠ old.json:1: document 1: "label" is 7; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
            ℹ old.json: 1 of 2 spans stand in their record twice, or in records of the same text; one was kept
        "#]],
    );
}

#[test]
fn argilla_is_read_in_both_versions() {
    check(
        "v1.json",
        r#"[{"text": "Mira rows.", "tokens": ["Mira", "rows", "."], "prediction": [["PER", 5, 9, 0.9]], "annotation": [["PER", 0, 4]], "status": "Validated"},
{"text": "Orr rows.", "tokens": ["Orr", "rows", "."], "prediction": [["PER", 0, 3, 0.9]], "annotation": null, "status": "Default"},
{"text": "Tovo.", "tokens": ["Tovo", "."], "prediction": null, "annotation": [{"label": "GPE", "start": 0, "end": 4}], "status": "Discarded"}]"#,
        expect![[r#"
            [PER Mira] rows .
            ? Orr rows .
            ℹ v1.json: read as argilla, Argilla's records of versions 1 and 2
            ℹ v1.json: 1 of 3 records were ignored or cancelled by the annotator
            ⚠ v1.json: 1 of 3 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: text, tokens, prediction, annotation, status
        "#]],
    );
    check(
        "v2.json",
        r#"[{"id": "1", "fields": {"text": "Mira rows."}, "suggestions": {"span_label": {"value": []}}, "responses": {"span_label": [{"value": [{"start": 0, "end": 4, "label": "PER"}], "user_id": "u"}]}},
{"id": "2", "fields": {"text": "Mira met Orr."}, "responses": {"span_label": [{"value": [{"start": 0, "end": 4, "label": "PER"}], "user_id": "u"}, {"value": [{"start": 9, "end": 12, "label": "PER"}], "user_id": "v"}]}},
{"id": "3", "fields": {"text": "Nobody came."}, "responses": {}},
{"id": "4", "fields": {"title": "One", "body": "Two"}, "responses": {}}]"#,
        expect![[r#"
            [PER Mira] rows .
            ? Nobody came .
            ✘ v2.json:4: "fields" is {"title":"One","body":"Two"}; expected one text, or one called "text"
            Mira met [PER Orr] .
            ℹ v2.json: read as argilla, Argilla's records of versions 1 and 2
            ⚠ v2.json: 1 of 5 records cannot be read:
            ⚠ v2.json:4: "fields" is {"title":"One","body":"Two"}; expected one text, or one called "text"
            ⚠ v2.json: decisions that contradict earlier ones, of which the later hold (1):
            ⚠ v2.json:2: annotates "Mira met Orr." otherwise than v2.json:2, which is dropped
            ⚠ v2.json: 1 of 5 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: id, fields, responses
            ℹ Answers: 2 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PER: 2 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "columns.jsonl",
        r#"{"id": "1", "status": "completed", "text": "Mira rows.", "span_label.responses": [[{"start": 0, "end": 4, "label": "PER"}]], "span_label.responses.users": ["u"], "span_label.responses.status": ["submitted"]}
"#,
        expect![[r#"
            [PER Mira] rows .
        "#]],
    );
}

#[test]
fn dataturks_counts_to_the_last_character() {
    check(
        "dataturks.json",
        r#"{"content": "Mira rows in Tovo.", "annotation": [{"label": ["PERSON"], "points": [{"start": 0, "end": 3, "text": "Mira"}]}, {"label": ["GPE"], "points": [{"start": 13, "end": 16, "text": "Tovo"}]}], "extras": null, "metadata": null}
"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            ℹ dataturks.json: read as dataturks, DataTurks' lines of content and annotation
        "#]],
    );
    check(
        "faults.jsonl",
        r#"{"content": "Mira rows in Tovo.", "annotation": [{"label": ["PER", "HERO"], "points": [{"start": 0, "end": 3, "text": "Mira"}]}, {"label": [], "points": [{"start": 5, "end": 8, "text": "rows"}]}, {"label": ["GPE"], "points": [{"start": 12, "end": 15, "text": "Tovo"}]}], "extras": null}
{"content": "Nobody came.", "annotation": null, "extras": null}
{"content": "Orr rows.", "annotation": [{"label": ["PER"]}]}
"#,
        expect![[r#"
            [PER Mira] rows in Tovo .
            ? Nobody came .
            ✘ faults.jsonl:3: "annotation[..]" is {"label":["PER"]}; expected "label" and "points"
            ⚠ faults.jsonl: 1 of 3 records cannot be read:
            ⚠ faults.jsonl:3: "annotation[..]" is {"label":["PER"]}; expected "label" and "points"
            ⚠ faults.jsonl: 1 of 4 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ faults.jsonl:1: the span 12..16 (GPE), " Tov", begins or ends with white space; the tokens ["Tovo"] count as unknown
            ⚠ faults.jsonl: 1 of 4 spans have a label beside the one that was taken:
            ⚠ faults.jsonl:1: the span 0..4 (PER) has the label HERO too
            ⚠ faults.jsonl: 1 of 4 spans have no label:
            ⚠ faults.jsonl:1: the span 5..9 has no label
            ⚠ faults.jsonl: 1 of 3 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: content, annotation, extras
        "#]],
    );
}

#[test]
fn rasa_compares_values_that_stand_in_the_text() {
    check(
        "nlu.json",
        r#"{"rasa_nlu_data": {"common_examples": [
  {"text": "fly me to Tovo", "intent": "fly", "entities": [{"start": 10, "end": 14, "value": "tovo city", "entity": "GPE"}]},
  {"text": "hello", "intent": "greet"}], "regex_features": [], "lookup_tables": [], "entity_synonyms": []}}"#,
        expect![[r#"
            fly me to [GPE Tovo]
            hello
            ℹ nlu.json: read as rasa-json, Rasa's training data as JSON
            ⚠ nlu.json: not read, since only entities are: intents (2)
        "#]],
    );
    check(
        "faults.json",
        r#"{"rasa_nlu_data": {"common_examples": [
  {"text": "When did he row?", "entities": [{"start": 0, "end": 4, "value": "he", "entity": "WHO"}]},
  {"text": "Mira rows", "entities": [{"start": 0, "end": 4, "value": "Mira"}]}]}}"#,
        expect![[r#"
            When did he row ?
            ✘ faults.json:3: a span is {"start":0,"end":4,"value":"Mira"}; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ✘ faults.json: no span fits its text (0 of 1), so the file is not taken:
            faults.json: 1 of 2 records cannot be read:
            faults.json:3: a span is {"start":0,"end":4,"value":"Mira"}; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            faults.json: 1 of 1 spans carry another text than their offsets select:
            faults.json:2: the span 0..4 (WHO) says "he", but its offsets select "When"; the tokens ["When"] count as unknown
            ℹ faults.json: read as rasa-json, Rasa's training data as JSON
        "#]],
    );
}

#[test]
fn rows_of_data_sets_have_the_names_of_their_features() {
    check(
        "rows.json",
        r#"{"features": [{"feature_idx": 0, "name": "tokens", "type": {"feature": {"dtype": "string"}}}, {"feature_idx": 1, "name": "ner_tags", "type": {"feature": {"names": ["O", "B-PER", "I-PER"], "_type": "ClassLabel"}, "_type": "Sequence"}}],
"rows": [{"row_idx": 0, "row": {"id": "0", "tokens": ["Kellan", "Orr", "sings"], "ner_tags": [1, 2, 0]}, "truncated_cells": []}, {"row_idx": 1, "row": {"id": "1", "tokens": ["No"], "ner_tags": [0]}}]}"#,
        expect![[r#"
            [PER Kellan Orr] sings
            No
            ℹ rows.json: read as hugging-face, rows of a data set, as the viewer of Hugging Face gives them
        "#]],
    );
    check(
        "faults.json",
        r#"{"rows": [{"row_idx": 0, "row": {"tokens": ["Kellan", "Orr"], "ner_tags": [1, 2]}}, {"row_idx": 1}, {"row_idx": 2, "row": {"tokens": ["No"], "ner_tags": ["O"]}}]}"#,
        expect![[r#"
            ✘ faults.json:1: document 1: "ner_tags" is 1; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
            ✘ faults.json:1: document 2: "rows[..]" is {"row_idx":1}; expected an object with "row"
            No
            ℹ faults.json: read as hugging-face, rows of a data set, as the viewer of Hugging Face gives them
            ⚠ faults.json: 2 of 3 records cannot be read:
            ⚠ faults.json:1: document 1: "ner_tags" is 1; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
            ⚠ faults.json:1: document 2: "rows[..]" is {"row_idx":1}; expected an object with "row"
        "#]],
    );
}

#[test]
fn prodigy_tells_its_views_apart() {
    check(
        "two.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual", "_input_hash": 1, "_task_hash": 2, "_session_id": "s-a"}
{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 9, "end": 12, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual", "_input_hash": 1, "_task_hash": 3, "_session_id": "s-b"}
{"text": "Mira met Orr.", "spans": [], "answer": "reject", "_view_id": "ner_manual", "_session_id": "s-c"}
{"text": "Pim slept.", "spans": [], "answer": "ignore", "_view_id": "ner_manual", "_session_id": "s-c"}
{"text": "Nobody came.", "answer": "accept", "_view_id": "ner_manual"}
"#,
        expect![[r#"
            [PERSON Mira] met [PERSON Orr] .
            Nobody came .
            ℹ two.jsonl: 1 of 5 records were ignored or cancelled by the annotator
            ℹ two.jsonl: 1 of 5 records were refused by the annotator as a whole
            ⚠ two.jsonl: decisions that contradict earlier ones, of which the later hold (1):
            ⚠ two.jsonl:2: annotates "Mira met Orr." otherwise than two.jsonl:1, which is dropped
            ℹ Answers: 3 accept, 1 reject, 1 ignore. Tokens of which nothing is known: 0.
            ℹ PERSON: 2 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "same.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual", "_session_id": "a"}
{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual", "_session_id": "b"}
"#,
        expect![[r#"
            [PERSON Mira] met Orr .
            ℹ same.jsonl: 1 of 2 spans stand in their record twice, or in records of the same text; one was kept
            ℹ Answers: 2 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PERSON: 1 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "spans.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 0, "end": 8, "label": "CLAUSE"}], "answer": "accept", "_view_id": "spans_manual"}
"#,
        expect![[r#"
            ✘ spans.jsonl:1: the spans 0..4 (PERSON) and 0..8 (CLAUSE) overlap, as those of the view spans_manual may; entities do not: take one of them out, or annotate with the view ner_manual
            ⚠ spans.jsonl: 1 of 1 records cannot be read:
            ⚠ spans.jsonl:1: the spans 0..4 (PERSON) and 0..8 (CLAUSE) overlap, as those of the view spans_manual may; entities do not: take one of them out, or annotate with the view ner_manual
        "#]],
    );
    check(
        "noview.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept"}
{"text": "Mira met Orr.", "spans": [{"start": 5, "end": 8, "label": "PERSON"}], "answer": "reject"}
"#,
        expect![[r#"
            [PERSON Mira] met Orr .
            ℹ Answers: 1 accept, 1 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PERSON: 1 accepted, 1 known to be wrong
        "#]],
    );
    check(
        "mixed.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual"}
{"text": "Pim met Lova.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]}
"#,
        expect![[r#"
            [PERSON Pim] met Lova .
            [PERSON Mira] met Orr .
            ℹ Answers: 1 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PERSON: 2 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "binaryflag.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "ner_manual", "_is_binary": true}
"#,
        expect![[r#"
            [PERSON Mira] met Orr .
            ℹ Answers: 1 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 3.
            ℹ PERSON: 1 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "review.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PERSON"}], "answer": "accept", "_view_id": "review", "versions": [{"spans": [], "answer": "accept"}]}
"#,
        expect![[r#"
            [PERSON Mira] met Orr .
            ℹ Answers: 1 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PERSON: 1 accepted, 0 known to be wrong
        "#]],
    );
    check(
        "image.jsonl",
        r#"{"image": "a.png", "spans": [], "answer": "accept"}
"#,
        expect![[r#"
            ⚠ image.jsonl: 1 of 1 records hold no text, or nothing about entities in it:
            ⚠ image.jsonl:1: the task is about image, not about text
        "#]],
    );
    check(
        "views.jsonl",
        r#"{"text": "Mira rows.", "label": "SPORT", "answer": "accept", "_view_id": "classification"}
{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "label": "PER"}, {"start": 9, "end": 12, "label": "PER"}], "answer": "accept", "_view_id": "spans_manual"}
"#,
        expect![[r#"
            [PER Mira] met [PER Orr] .
            ⚠ views.jsonl: 1 of 2 records hold no text, or nothing about entities in it:
            ⚠ views.jsonl:1: the view classification says nothing of entities
            ℹ Answers: 1 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 0.
            ℹ PER: 2 accepted, 0 known to be wrong
        "#]],
    );
}
