use ner_doc::{Alignment, DocError, Entity, Example, TokenLinks};
use serde_json::{Value, json};

use crate::{code, doc, english, number, str, strings, values};

fn lists(links: &TokenLinks) -> Value {
    (0..links.len()).map(|token| json!(links.get(token))).collect()
}

#[test]
fn tokens_align() {
    for row in values("alignment/token_alignment.jsonl.gz") {
        match Alignment::from_strings(&strings(&row["x"]), &strings(&row["y"])) {
            Ok(alignment) => {
                assert_eq!(lists(&alignment.x2y), row["x2y"], "{row}");
                assert_eq!(lists(&alignment.y2x), row["y2x"], "{row}");
            }
            Err(error) => assert_eq!(code(&error), row["code"], "{row}"),
        }
    }
}

#[track_caller]
fn check<T>(result: Result<T, DocError>, expected: &Value, row: &Value, to_json: impl Fn(T) -> Value) {
    match result {
        Ok(found) => assert_eq!(&to_json(found), expected, "{row}"),
        // spaCy stumbles over an empty list here, so there is no code.
        Err(DocError::UnalignedSentenceStart { .. }) => assert_eq!(expected["error"], "IndexError", "{row}"),
        Err(error) => assert_eq!(code(&error), expected["code"], "{row}"),
    }
}

#[test]
fn annotation_aligns() {
    let vocab = english();
    for row in values("alignment/aligned.jsonl.gz") {
        let example = Example::new(doc(&vocab, &row["x"]), doc(&vocab, &row["y"]));
        let text = |id| vocab.strings().get(id).unwrap().to_string();
        let span_json = |spans: Vec<Entity>| -> Value {
            spans.iter().map(|span| json!([span.start, span.end, text(span.label)])).collect()
        };
        let spans = |field: &str| -> Vec<Entity> {
            let span = |span: &Value| Entity {
                start: number(&span[0]),
                end: number(&span[1]),
                label: vocab.strings().add(str(&span[2])),
            };
            row[field].as_array().unwrap().iter().map(span).collect()
        };
        let entities = example.reference.entities().unwrap();
        assert_eq!(span_json(entities.clone()), row["y_ents"], "{row}");
        let tags = |tags: Vec<Option<ner_doc::BiluoTag>>| -> Value {
            tags.iter().map(|tag| json!(tag.map(|tag| tag.to_text(vocab.strings())))).collect()
        };
        check(example.aligned_ner(), &row["aligned_ner"], &row, tags);
        check(example.aligned_spans_y2x(&entities, false), &row["y2x_ents"], &row, span_json);
        let iob = |token: usize| example.reference.tokens[token].ent_iob as u8;
        check(example.aligned(iob), &row["aligned_iob"], &row, |iobs| json!(iobs));
        let tag = |token: usize| str(&row["y"]["tag"][token]).to_owned();
        check(example.aligned(tag), &row["aligned_tag"], &row, |tags| json!(tags));
        check(example.aligned_sent_starts(), &row["aligned_sent_starts"], &row, |starts| json!(starts));
        let (x, y) = (spans("x_spans"), spans("y_spans"));
        check(example.aligned_spans_y2x(&y, false), &row["y2x_spans"], &row, span_json);
        check(example.aligned_spans_y2x(&y, true), &row["y2x_spans_overlap"], &row, span_json);
        check(example.aligned_spans_x2y(&x, false), &row["x2y_spans"], &row, span_json);
        check(example.aligned_spans_x2y(&x, true), &row["x2y_spans_overlap"], &row, span_json);
    }
}
