//! Offsets that count otherwise, spans that say what they are, and values that are odd.

use expect_test::expect;

use ner_formats::ReadOptions;

use super::{check, check_with};

#[test]
fn the_unit_of_offsets_is_found_out_and_named_once() {
    check(
        "utf16.jsonl",
        r#"{"text": "👍 Mira rows in Tovo 😀 with Kellan Orr.", "entities": [[3, 7, "PERSON"], [16, 20, "GPE"], [29, 39, "PERSON"]]}
{"text": "👍 Mira rows in Tovo 😀 with Kellan Orr.", "entities": [[3, 7, "PERSON"], [16, 20, "GPE"], [29, 39, "PERSON"]]}
"#,
        expect![[r#"
            👍 Mira rows in Tovo 😀 with Kellan Orr .
            👍 Mira rows in Tovo 😀 with Kellan Orr .
            ✘ utf16.jsonl: no span fits its text (0 of 6), so the file is not taken:
            utf16.jsonl: 6 of 6 spans do not begin and end where tokens do; the recogniser finds whole tokens only; the first 5 of them:
            utf16.jsonl:1: the span 3..7 (PERSON), "ira ", begins or ends with white space; the tokens ["Mira"] count as unknown
            utf16.jsonl:1: the span 16..20 (GPE), "ovo ", begins or ends with white space; the tokens ["Tovo"] count as unknown
            utf16.jsonl:1: the span 29..39 (PERSON) lies outside of the text of 38 characters; the tokens ["Kellan", "Orr", "."] count as unknown
            utf16.jsonl:2: the span 3..7 (PERSON), "ira ", begins or ends with white space; the tokens ["Mira"] count as unknown
            utf16.jsonl:2: the span 16..20 (GPE), "ovo ", begins or ends with white space; the tokens ["Tovo"] count as unknown
            utf16.jsonl: every span fits if offsets count UTF-16 units, as in JavaScript and Java (6 of 6): say --offsets utf16 (or offsets = "utf16" in a config)
        "#]],
    );
    check(
        "bytes.jsonl",
        r#"{"text": "👍 Mira rows in Tovo 😀 with Kellan Orr.", "entities": [[5, 9, "PERSON"], [18, 22, "GPE"], [33, 43, "PERSON"]]}
{"text": "👍 Mira rows in Tovo 😀 with Kellan Orr.", "entities": [[5, 9, "PERSON"], [18, 22, "GPE"], [33, 43, "PERSON"]]}
"#,
        expect![[r#"
            👍 Mira rows in Tovo 😀 with Kellan Orr .
            👍 Mira rows in Tovo 😀 with Kellan Orr .
            ✘ bytes.jsonl: no span fits its text (0 of 6), so the file is not taken:
            bytes.jsonl: 6 of 6 spans do not begin and end where tokens do; the recogniser finds whole tokens only; the first 5 of them:
            bytes.jsonl:1: the span 5..9 (PERSON), "a ro", does not begin and end where tokens do; the tokens ["Mira", "rows"] count as unknown
            bytes.jsonl:1: the span 18..22 (GPE), "o 😀 ", begins or ends with white space; the tokens ["Tovo", "😀"] count as unknown
            bytes.jsonl:1: the span 33..43 (PERSON) lies outside of the text of 38 characters; the tokens ["Orr", "."] count as unknown
            bytes.jsonl:2: the span 5..9 (PERSON), "a ro", does not begin and end where tokens do; the tokens ["Mira", "rows"] count as unknown
            bytes.jsonl:2: the span 18..22 (GPE), "o 😀 ", begins or ends with white space; the tokens ["Tovo", "😀"] count as unknown
            bytes.jsonl: every span fits if offsets count bytes of UTF-8 (6 of 6): say --offsets bytes (or offsets = "bytes" in a config)
        "#]],
    );
    check(
        "silent-shift.jsonl",
        r#"{"text": "😀😀 I am at A B C now", "entities": [[13, 14, "LETTER_A"]]}
"#,
        expect![[r#"
    😀 😀 I am at A [LETTER_A B] C now
"#]],
    );
    check(
        "mixed-file.jsonl",
        r#"{"text": "Mira rows in Tovo.", "entities": [[0, 4, "PERSON"], [13, 17, "GPE"]]}
{"text": "👍 Mira rows in Tovo 😀 with Kellan Orr.", "entities": [[3, 7, "PERSON"], [16, 20, "GPE"], [29, 39, "PERSON"]]}
"#,
        expect![[r#"
            [PERSON Mira] rows in [GPE Tovo] .
            👍 Mira rows in Tovo 😀 with Kellan Orr .
            ⚠ mixed-file.jsonl: 3 of 5 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ mixed-file.jsonl:2: the span 3..7 (PERSON), "ira ", begins or ends with white space; the tokens ["Mira"] count as unknown
            ⚠ mixed-file.jsonl:2: the span 16..20 (GPE), "ovo ", begins or ends with white space; the tokens ["Tovo"] count as unknown
            ⚠ mixed-file.jsonl:2: the span 29..39 (PERSON) lies outside of the text of 38 characters; the tokens ["Kellan", "Orr", "."] count as unknown
            ⚠ mixed-file.jsonl: every span fits if offsets count UTF-16 units, as in JavaScript and Java (5 of 5): say --offsets utf16 (or offsets = "utf16" in a config)
        "#]],
    );
    check(
        "inclusive.jsonl",
        r#"{"text": "Mira rows in Tovo with Kellan Orr today.", "entities": [[0, 3, "PERSON"], [13, 16, "GPE"], [23, 32, "PERSON"]]}
{"text": "Mira rows in Tovo with Kellan Orr today.", "entities": [[0, 3, "PERSON"], [13, 16, "GPE"], [23, 32, "PERSON"]]}
"#,
        expect![[r#"
            Mira rows in Tovo with Kellan Orr today .
            Mira rows in Tovo with Kellan Orr today .
            ✘ inclusive.jsonl: no span fits its text (0 of 6), so the file is not taken:
            inclusive.jsonl: 6 of 6 spans do not begin and end where tokens do; the recogniser finds whole tokens only; the first 5 of them:
            inclusive.jsonl:1: the span 0..3 (PERSON), "Mir", does not begin and end where tokens do; the tokens ["Mira"] count as unknown
            inclusive.jsonl:1: the span 13..16 (GPE), "Tov", does not begin and end where tokens do; the tokens ["Tovo"] count as unknown
            inclusive.jsonl:1: the span 23..32 (PERSON), "Kellan Or", does not begin and end where tokens do; the tokens ["Kellan", "Orr"] count as unknown
            inclusive.jsonl:2: the span 0..3 (PERSON), "Mir", does not begin and end where tokens do; the tokens ["Mira"] count as unknown
            inclusive.jsonl:2: the span 13..16 (GPE), "Tov", does not begin and end where tokens do; the tokens ["Tovo"] count as unknown
            inclusive.jsonl: every span fits if the end is the last character of the span (6 of 6): say --offsets chars,inclusive (or offsets = "chars,inclusive" in a config)
        "#]],
    );
    check(
        "one-letter.jsonl",
        r#"{"text": "Vitamin C and X rays", "entities": [[8, 8, "X"]]}
"#,
        expect![[r#"
            Vitamin C and X rays
            ✘ one-letter.jsonl: no span fits its text (0 of 1), so the file is not taken:
            one-letter.jsonl: 1 of 1 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            one-letter.jsonl:1: the span 8..8 (X) is empty
            one-letter.jsonl: every span fits if the end is the last character of the span (1 of 1): say --offsets chars,inclusive (or offsets = "chars,inclusive" in a config)
        "#]],
    );
    check(
        "one-of-many.jsonl",
        r#"{"text": "👍 Mira rows.", "entities": [[3, 7, "PER"]]}
{"text": "Mira rows.", "entities": [[0, 4, "PER"]]}
{"text": "Orr rows.", "entities": [[0, 3, "PER"]]}
"#,
        expect![[r#"
            👍 Mira rows .
            [PER Mira] rows .
            [PER Orr] rows .
            ⚠ one-of-many.jsonl: 1 of 3 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ one-of-many.jsonl:1: the span 3..7 (PER), "ira ", begins or ends with white space; the tokens ["Mira"] count as unknown
        "#]],
    );
}

#[test]
fn offsets_are_read_in_the_unit_that_is_said() {
    let text = r#"{"text": "👍 Mira rows.", "entities": [[3, 7, "PER"]]}
{"text": "👍 Mira rows.", "offsets": "chars", "entities": [[2, 6, "PER"]]}
"#;
    let options = ReadOptions { offsets: "utf16".parse().unwrap(), ..ReadOptions::default() };
    check_with(
        "given.jsonl",
        text,
        &options,
        expect![[r#"
        👍 [PER Mira] rows .
        👍 [PER Mira] rows .
    "#]],
    );
    check(
        "own.jsonl",
        r#"{"text": "👍 Mira rows.", "offsets": "utf16", "entities": [[3, 7, "PER"]]}
{"text": "👍 Mira rows.", "offsets": "bytes", "entities": [[5, 9, "PER"]]}
{"text": "👍 Mira rows.", "entities": [[2, 6, "PER"]]}
{"text": "👍 Mira rows.", "offsets": "words", "entities": [[2, 6, "PER"]]}
"#,
        expect![[r#"
            👍 [PER Mira] rows .
            👍 [PER Mira] rows .
            👍 [PER Mira] rows .
            ✘ own.jsonl:4: "offsets" is "words"; expected "chars", "bytes" or "utf16"
            ⚠ own.jsonl: 1 of 4 records cannot be read:
            ⚠ own.jsonl:4: "offsets" is "words"; expected "chars", "bytes" or "utf16"
        "#]],
    );
}

#[test]
fn what_a_span_says_of_itself_is_compared_with_what_it_selects() {
    check(
        "spans.jsonl",
        r#"{"text": "Mira met Orr and Mira left.", "spans": [{"start": 17, "end": 21, "text": "Mira", "label": "PERSON"}, {"start": 5, "end": 8, "text": "Orr", "label": "PERSON"}]}
"#,
        expect![[r#"
            Mira met Orr and [PERSON Mira] left .
            ⚠ spans.jsonl: 1 of 2 spans carry another text than their offsets select:
            ⚠ spans.jsonl:1: the span 5..8 (PERSON) says "Orr", but its offsets select "met"; the tokens ["met"] count as unknown
        "#]],
    );
    check(
        "value.jsonl",
        r#"{"text": "When did he row?", "entities": [{"start": 0, "end": 4, "value": "he", "label": "WHO"}]}
"#,
        expect![[r#"
            When did he row ?
            ✘ value.jsonl: no span fits its text (0 of 1), so the file is not taken:
            value.jsonl: 1 of 1 spans carry another text than their offsets select:
            value.jsonl:1: the span 0..4 (WHO) says "he", but its offsets select "When"; the tokens ["When"] count as unknown
        "#]],
    );
    check(
        "four.jsonl",
        r#"{"text": "Mira met Orr.", "entities": [[0, 4, "PERSON", "Orr"]]}
"#,
        expect![[r#"
            Mira met Orr .
            ✘ four.jsonl: no span fits its text (0 of 1), so the file is not taken:
            four.jsonl: 1 of 1 spans carry another text than their offsets select:
            four.jsonl:1: the span 0..4 (PERSON) says "Orr", but its offsets select "Mira"; the tokens ["Mira"] count as unknown
        "#]],
    );
    check(
        "tokens.jsonl",
        r#"{"text": "Mira met Orr.", "spans": [{"start": 0, "end": 4, "token_start": 2, "token_end": 2, "label": "PERSON"}]}
"#,
        expect![[r#"
            [PERSON Mira] met Orr .
            ⚠ tokens.jsonl: `token_start` and `token_end` name other tokens than `start` and `end` do (spans: 1). `start` and `end` were taken; if the tokens are right, take `start` and `end` out:
            ⚠ tokens.jsonl:1: the span 0..4 (PERSON) is "Mira", its tokens are "Orr"
        "#]],
    );
    check(
        "prodigy.jsonl",
        r#"{"text": "Mira met Orr.", "tokens": [{"text": "Mira", "start": 0, "end": 4, "id": 0, "ws": true}, {"text": "met", "start": 5, "end": 8, "id": 1, "ws": true}, {"text": "Orr", "start": 9, "end": 12, "id": 2, "ws": false}, {"text": ".", "start": 12, "end": 13, "id": 3, "ws": false}], "spans": [{"start": 0, "end": 4, "token_start": 2, "token_end": 2, "label": "PERSON"}], "answer": "accept"}
"#,
        expect![[r#"
            Mira met Orr .
            ✘ prodigy.jsonl: no span fits its text (0 of 1), so the file is not taken:
            prodigy.jsonl: 1 of 1 spans carry another text than their offsets select:
            prodigy.jsonl:1: the span 0..4 (PERSON) says "Orr", but its offsets select "Mira"; the tokens ["Mira"] count as unknown
            Answers: 1 accept, 0 reject, 0 ignore. Tokens of which nothing is known: 1.
        "#]],
    );
}

#[test]
fn odd_values_are_read_or_named() {
    check(
        "nan.jsonl",
        r#"{"text": "Mira rows.", "label": [[0, 4, "PERSON"]]}
{"text": NaN, "label": []}
"#,
        expect![[r#"
    [PERSON Mira] rows .
    ✘ nan.jsonl:2:10: not JSON: NaN is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
    ⚠ nan.jsonl: 1 of 2 records cannot be read:
    ⚠ nan.jsonl:2:10: not JSON: NaN is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
"#]],
    );
    check(
        "nan-spans.jsonl",
        r#"{"text": "Mira rows.", "label": NaN}
"#,
        expect![[r#"
    ✘ nan-spans.jsonl:1:33: not JSON: NaN is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
    ⚠ nan-spans.jsonl: 1 of 1 records cannot be read:
    ⚠ nan-spans.jsonl:1:33: not JSON: NaN is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
"#]],
    );
    check(
        "null.jsonl",
        r#"{"text": null, "label": []}
"#,
        expect![[r#"
    ✘ null.jsonl:1: "text" is null; expected a string; leave records without text out
    ⚠ null.jsonl: 1 of 1 records cannot be read:
    ⚠ null.jsonl:1: "text" is null; expected a string; leave records without text out
"#]],
    );
    check(
        "empty.jsonl",
        r#"{"text": "", "entities": []}
{"text": "   ", "entities": []}
{"text": "Mira rows.", "entities": [[0, 4, "PERSON"]]}
"#,
        expect![[r#"

            ␣␣␣
            [PERSON Mira] rows .
        "#]],
    );
    check(
        "infinity.jsonl",
        r#"{"text": "x", "score": Infinity}
"#,
        expect![[r#"
    ✘ infinity.jsonl:1:24: not JSON: Infinity is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
    ⚠ infinity.jsonl: 1 of 1 records cannot be read:
    ⚠ infinity.jsonl:1:24: not JSON: Infinity is not JSON (an empty cell of a table?); write null or leave the key away; each line must hold one record
"#]],
    );
    check(
        "float.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0.0, 4.0, "PERSON"]]}
"#,
        expect![[r#"
    [PERSON Mira] rows .
"#]],
    );
    check(
        "string.jsonl",
        r#"{"text": "Mira rows.", "entities": [["0", "4", "PERSON"]]}
"#,
        expect![[r#"
            ✘ string.jsonl:1: a span is ["0","4","PERSON"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ string.jsonl: 1 of 1 records cannot be read:
            ⚠ string.jsonl:1: a span is ["0","4","PERSON"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
        "#]],
    );
    check(
        "labellist.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0, 4, ["PERSON"]]]}
"#,
        expect![[r#"
    [PERSON Mira] rows .
"#]],
    );
    check(
        "order.jsonl",
        r#"{"text": "Mira rows.", "entities": [["PERSON", 0, 4]]}
"#,
        expect![[r#"
            ✘ order.jsonl:1: a span is ["PERSON",0,4]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ order.jsonl: 1 of 1 records cannot be read:
            ⚠ order.jsonl:1: a span is ["PERSON",0,4]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
        "#]],
    );
    check(
        "nolabel.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0, 4, ""]]}
"#,
        expect![[r#"
            Mira rows .
            ⚠ nolabel.jsonl: spans with an empty label say that their tokens are outside of entities (1)
        "#]],
    );
    check(
        "spacelabel.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0, 4, "PERSON "]]}
{"text": "Orr rows.", "entities": [[0, 3, "PERSON"]]}
"#,
        expect![[r#"
            [PERSON  Mira] rows .
            [PERSON Orr] rows .
            ⚠ spacelabel.jsonl: the labels "PERSON" (1) and "PERSON " (1) look alike and count as different; if they are the same, map them with --label-map
        "#]],
    );
    check(
        "ws.jsonl",
        r#"{"text": "Mira  rows", "entities": [[5, 6, "X"]]}
{"text": "Mira \n rows", "entities": [[5, 7, "X"]]}
{"text": "Mira  rows", "entities": [[4, 5, "X"]]}
"#,
        expect![[r#"
            Mira ␣ rows
            Mira \n␣ rows
            Mira \u{a0}\u{a0} rows
            ⚠ ws.jsonl: 1 of 3 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ ws.jsonl:3: the span 4..5 (X), "\u{a0}", begins or ends with white space; the tokens ["\u{a0}\u{a0}"] count as unknown
            ⚠ ws.jsonl: 2 of 3 spans are white space alone, which is never an entity:
            ⚠ ws.jsonl:1: the span 5..6 (X), " ", is white space alone
            ⚠ ws.jsonl:2: the span 5..7 (X), "\n ", is white space alone
        "#]],
    );
    check(
        "edge.jsonl",
        r#"{"text": "Mira rows ", "entities": [[0, 5, "X"], [9, 10, "Y"]]}
{"text": "Mira rows", "entities": [[5, 12, "X"]]}
{"text": "Mira rows", "entities": [[4, 0, "X"]]}
"#,
        expect![[r#"
            Mira rows
            Mira rows
            Mira rows
            ✘ edge.jsonl: no span fits its text (0 of 4), so the file is not taken:
            edge.jsonl: 4 of 4 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            edge.jsonl:1: the span 0..5 (X), "Mira ", begins or ends with white space; the tokens ["Mira"] count as unknown
            edge.jsonl:1: the span 9..10 (Y), " ", touches no token
            edge.jsonl:2: the span 5..12 (X) lies outside of the text of 9 characters; the tokens ["rows"] count as unknown
            edge.jsonl:3: the span 4..0 (X) ends before it starts
        "#]],
    );
    check(
        "dup.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0, 4, "PERSON"], [0, 4, "PERSON"]]}
"#,
        expect![[r#"
            [PERSON Mira] rows .
            ℹ dup.jsonl: 1 of 2 spans stand in their record twice, or in records of the same text; one was kept
        "#]],
    );
    check(
        "more.jsonl",
        r#"{"text": "Mira rows.", "entities": [[0.0, 4.5, "PER"]]}
{"text": "Mira rows.", "entities": [[0, 4, ["PER", "HERO"]]]}
{"text": "Mira rows.", "entities": [[-1, 4, "PER"]]}
{"text": "Mira rows.", "entities": [[0, 4, null]]}
"#,
        expect![[r#"
            ✘ more.jsonl:1: a span is [0.0,4.5,"PER"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            [PER Mira] rows .
            ✘ more.jsonl:3: a span is [-1,4,"PER"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ✘ more.jsonl:4: a span is [0,4,null]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ more.jsonl: 3 of 4 records cannot be read:
            ⚠ more.jsonl:1: a span is [0.0,4.5,"PER"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ more.jsonl:3: a span is [-1,4,"PER"]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ more.jsonl:4: a span is [0,4,null]; expected [start, end, "LABEL"] or an object with "start", "end" and "label"
            ⚠ more.jsonl: 1 of 2 spans have a label beside the one that was taken:
            ⚠ more.jsonl:2: the span 0..4 (PER) has the label HERO too
        "#]],
    );
}
