//! Annotation under keys of all tools: read, or an error that names the key.

use expect_test::expect;

use super::check;

#[test]
fn spans_are_read_under_the_keys_of_all_tools() {
    check(
        "labels.jsonl",
        r#"{"text": "Mira rows in Tovo.", "labels": [[0, 4, "PERSON"], [13, 17, "GPE"]]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
"#]],
    );
    check(
        "annotations.jsonl",
        r#"{"text": "Mira rows in Tovo.", "annotations": [{"start": 0, "end": 4, "label": "PERSON"}, {"start": 13, "end": 17, "label": "GPE"}]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
"#]],
    );
    check(
        "nested.jsonl",
        r#"{"text": "Mira rows in Tovo.", "annotations": {"entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
"#]],
    );
    check(
        "capital.jsonl",
        r#"{"text": "Mira rows in Tovo.", "Entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
"#]],
    );
    check(
        "string.jsonl",
        r#"{"text": "Mira rows in Tovo.", "label": "[[0, 4, \"PERSON\"]]"}
"#,
        expect![[r#"
    [PERSON Mira] rows in Tovo .
"#]],
    );
}

#[test]
fn tags_are_read_as_names() {
    check(
        "tags.jsonl",
        r#"{"tokens": ["Mira", "rows", "in", "Tovo", "."], "ner_tags": ["B-PERSON", "O", "O", "B-GPE", "O"]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
"#]],
    );
    check(
        "tag-numbers.jsonl",
        r#"{"tokens": ["Mira", "rows", "in", "Tovo", "."], "ner_tags": [1, 0, 0, 3, 0]}
"#,
        expect![[r#"
    ✘ tag-numbers.jsonl:1: "ner_tags" is 1; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
    ⚠ tag-numbers.jsonl: 1 of 1 records cannot be read:
    ⚠ tag-numbers.jsonl:1: "ner_tags" is 1; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
"#]],
    );
    check(
        "tags2.jsonl",
        r#"{"tokens": ["Mira", "rows"], "tags": ["B-PERSON", "O"]}
{"words": ["Mira", "rows"], "ner": ["B-PERSON", "O"]}
"#,
        expect![[r#"
    [PERSON Mira] rows
    [PERSON Mira] rows
"#]],
    );
    check(
        "names.jsonl",
        r#"{"tokens": ["Mira", "rows"], "ner_tags": [1, 0], "pos_tags": [3, 4], "label_names": ["O", "B-PER"]}
{"tokens": ["Mira", "rows"], "tags": [1, 0], "id2label": {"0": "O", "1": "B-PER"}}
{"tokens": ["Mira", "rows"], "tags": ["NNP", "VBZ"], "ner_tags": ["B-PER", "O"]}
{"tokens": ["Mira", "rows"], "tags": ["NNP", "VBZ"], "spans": [{"token_start": 0, "token_end": 0, "label": "PER"}]}
{"tokens": ["Mira", "rows"], "ner_tags": ["B-PER", "O"], "spans": []}
{"tokens": ["Mira", "rows"], "labels": ["B-PER"]}
{"tokens": ["Mira", "rows"], "labels": [[0, 1, "PER"]]}
"#,
        expect![[r#"
            [PER Mira] rows
            [PER Mira] rows
            [PER Mira] rows
            [PER Mira] rows
            ✘ names.jsonl:5: spans stand under "spans" and under "ner_tags"; keep one of them
            ✘ names.jsonl:6: 2 tokens but 1 tags; give one for each token
            [PER Mira] rows
            ⚠ names.jsonl: 2 of 7 records cannot be read:
            ⚠ names.jsonl:5: spans stand under "spans" and under "ner_tags"; keep one of them
            ⚠ names.jsonl:6: 2 tokens but 1 tags; give one for each token
        "#]],
    );
}

#[test]
fn what_looks_like_annotation_is_never_passed_over() {
    check(
        "typo.jsonl",
        r#"{"text": "Mira rows in Tovo.", "entites": [[0, 4, "PERSON"], [13, 17, "GPE"]]}
"#,
        expect![[r#"
    ✘ typo.jsonl:1: the key "entites" looks like annotation of entities and is not read; rename it to "entities", or take it out
    ⚠ typo.jsonl: 1 of 1 records cannot be read:
    ⚠ typo.jsonl:1: the key "entites" looks like annotation of entities and is not read; rename it to "entities", or take it out
"#]],
    );
    check(
        "flat.jsonl",
        r#"{"text": "Mira rows in Tovo.", "start": 0, "end": 4, "label": "PERSON"}
"#,
        expect![[r#"
    ✘ flat.jsonl:1: the record is one span of its text; gather all spans of the text in one record: {"text": .., "entities": [[start, end, "LABEL"], ..]}
    ⚠ flat.jsonl: 1 of 1 records cannot be read:
    ⚠ flat.jsonl:1: the record is one span of its text; gather all spans of the text in one record: {"text": .., "entities": [[start, end, "LABEL"], ..]}
"#]],
    );
    check(
        "doccano-old.jsonl",
        r#"{"id": 15, "text": "Mira rows in Tovo.", "annotations": [{"label": 7, "start_offset": 0, "end_offset": 4, "user": 1}, {"label": 6, "start_offset": 13, "end_offset": 17, "user": 1}], "meta": {}}
"#,
        expect![[r#"
            ✘ doccano-old.jsonl:1: "label" is 7; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
            ⚠ doccano-old.jsonl: 1 of 1 records cannot be read:
            ⚠ doccano-old.jsonl:1: "label" is 7; expected a name, or a number with the list of names beside it ("label_names"); export with names instead of ids
        "#]],
    );
    check(
        "mixed.jsonl",
        r#"{"text": "Mira rows in Tovo.", "entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}
{"text": "Kellan Orr sings.", "labels": [[0, 10, "PERSON"]]}
"#,
        expect![[r#"
    [PERSON Mira] rows in [GPE Tovo] .
    [PERSON Kellan Orr] sings .
"#]],
    );
    check(
        "beside.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0, 4, "PERSON"]], "entites": [[5, 9, "SPORT"]]}
{"text": "Mira rows.", "entities": [], "marks": [{"start": 5, "end": 9, "label": "SPORT"}], "gold": [[0, 4, "PERSON"]]}
"#,
        expect![[r#"
            [PERSON Mira] rows .
            Mira rows .
            ⚠ beside.jsonl: 2 of 3 spans stand under a key that is not known, beside spans that were read; name it `entities`, or take one of both out:
            ⚠ beside.jsonl:1: "entites": [5,9,"SPORT"]
            ⚠ beside.jsonl:2: "marks": {"start":5,"end":9,"label":"SPORT"}
        "#]],
    );
    check(
        "unknown.jsonl",
        r#"{"text": "Mira rows.", "gold": [[0, 4, "PER"]]}
{"text": "Mira rows.", "marks": [{"begin": 0, "end": 4, "type": "PER"}]}
{"text": "Mira rows.", "cell": "[[0, 4, \"PER\"]]"}
{"text": "Mira rows.", "meta": {"found": [[0, 4, "PER"]]}}
{"text": "Mira rows.", "span": []}
{"tokens": ["Mira", "rows"], "marks": ["B-PER", "O"]}
{"text": "Mira rows.", "entities": ["Mira"]}
{"text": "Mira rows.", "entities": "Mira"}
{"text": "Mira rows.", "entities": "[(0, 4, 'PER')]"}
{"text": "Mira rows.", "entities": {"PER": "Mira"}}
{"tokens": ["Mira", "rows"], "spans": ["B-PER", "O"]}
{"tokens": ["Mira", "rows"], "entities": ["B-PER", [0, 1, "PER"]]}
"#,
        expect![[r#"
            ✘ unknown.jsonl:1: the key "gold" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ✘ unknown.jsonl:2: the key "marks" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ✘ unknown.jsonl:3: the key "cell" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ✘ unknown.jsonl:4: the key "meta" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ✘ unknown.jsonl:5: the key "span" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ✘ unknown.jsonl:6: the key "marks" looks like annotation of entities and is not read; rename it to "ner_tags", or take it out
            ✘ unknown.jsonl:7: "entities" is ["Mira"]; expected a list of spans
            ✘ unknown.jsonl:8: "entities" is "Mira"; expected a list of spans
            ✘ unknown.jsonl:9: "entities" is "[(0, 4, 'PER')]"; expected a list of spans; as a string it is not JSON
            ✘ unknown.jsonl:10: "entities" is {"PER":"Mira"}; expected a list of spans
            ✘ unknown.jsonl:11: "spans" is ["B-PER","O"]; expected a list of spans
            ✘ unknown.jsonl:12: "entities" is ["B-PER",[0,1,"PER"]]; expected a list of spans
            ⚠ unknown.jsonl: 12 of 12 records cannot be read; the first 5 of them:
            ⚠ unknown.jsonl:1: the key "gold" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ⚠ unknown.jsonl:2: the key "marks" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ⚠ unknown.jsonl:3: the key "cell" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ⚠ unknown.jsonl:4: the key "meta" looks like annotation of entities and is not read; rename it to "entities", or take it out
            ⚠ unknown.jsonl:5: the key "span" looks like annotation of entities and is not read; rename it to "entities", or take it out
        "#]],
    );
}

#[test]
fn records_that_are_not_about_entities_are_counted() {
    check(
        "classes.jsonl",
        r#"{"id": 1, "text": "Mira rows.", "label": ["sport"], "predictions": [[0, 4, "PER"]]}
{"id": 2, "text": "Mira rows.", "label": "sport", "cats": {"A": 1}}
{"id": 3, "text": "Mira rows.", "entities": [], "relations": [{"id": 1}]}
"#,
        expect![[r#"
            ? Mira rows .
            ? Mira rows .
            Mira rows .
            ⚠ classes.jsonl: not read, since only entities are: classes of texts (1)
            ⚠ classes.jsonl: not read, since only entities are: labels of whole texts (1)
            ⚠ classes.jsonl: not read, since only entities are: relations (1)
            ⚠ classes.jsonl: 2 of 3 records have no annotation of entities, so nothing is known of them (no `entities`, `spans`, `ents` or `label`); their keys: id, text, label, predictions, cats
        "#]],
    );
}
