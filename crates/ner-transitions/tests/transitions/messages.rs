//! What people read when annotation cannot be learned.

use std::sync::Arc;

use expect_test::{Expect, expect};
use ner_doc::{Doc, EntIob, Entity, Example, SpanGroup, SpanRecord};
use ner_transitions::{Actions, LabelFrequencies, Starts};
use ner_vocab::{StringId, Vocab};

const WORDS: [&str; 5] = ["I", "met", "Ada", "\n", "Lovelace"];

/// The error for an example whose prediction and reference `change` has spoiled.
#[track_caller]
fn check(gold: &[(usize, usize, &str)], change: impl Fn(&mut Example), expected: Expect) {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    let doc = Doc::from_words(vocab.clone(), &WORDS, &[]);
    let mut example = Example::new(doc.clone(), doc);
    let entity = |&(start, end, label): &(usize, usize, &str)| Entity {
        start,
        end,
        label: vocab.strings().add(label),
    };
    let gold: Vec<Entity> = gold.iter().map(entity).collect();
    example.reference.set_entities(&gold, EntIob::Out).expect("the entities do not overlap");
    change(&mut example);
    let mut actions = Actions::new(&LabelFrequencies::from_counts([("PERSON".to_owned(), 1)]));
    actions.neg_key = Some("wrong".to_owned());
    let error = Starts::new(&[example], &actions, Some(1)).expect_err("the example is spoiled");
    expected.assert_eq(&error.to_string());
}

#[test]
fn presets() {
    let preset = |example: &mut Example| {
        (example.predicted.tokens[2].ent_iob, example.predicted.tokens[2].ent_type) =
            (EntIob::Begin, StringId::EMPTY);
    };
    check(
        &[(2, 3, "PERSON")],
        preset,
        expect![[
            r#"example 0 of the batch: token 2 ("Ada", gold U-PERSON): no action leads to the gold annotation; at token 2 ("Ada") the entity preset there contradicts it: change one of the two"#
        ]],
    );
}

#[test]
fn sentence_starts() {
    check(
        &[(2, 5, "PERSON")],
        |example| example.predicted.tokens[3].sent_start = 1,
        expect![[
            r#"example 0 of the batch: token 2 ("Ada", gold B-PERSON): no action leads to the gold annotation; at token 3 ("\n") a sentence starts there and no entity may cross it: let no component set sentence starts before the recogniser, or split the entity"#
        ]],
    );
}

#[test]
fn white_space() {
    check(
        &[(3, 5, "PERSON")],
        |_| {},
        expect![[
            r#"example 0 of the batch: token 3 ("\n", gold B-PERSON): no action leads to the gold annotation; at token 3 ("\n") no entity may start on white space: trim the annotated span"#
        ]],
    );
}

#[test]
fn several_causes() {
    let preset = |example: &mut Example| {
        example.predicted.tokens[2].ent_iob = EntIob::Begin;
        example.predicted.tokens[4].sent_start = 1;
    };
    check(
        &[(2, 3, "PERSON"), (3, 5, "PERSON")],
        preset,
        expect![[
            r#"example 0 of the batch: token 2 ("Ada", gold U-PERSON): no action leads to the gold annotation; no single preset, sentence start, incorrect span or white space is to blame, but several together: compare the annotation with the presets and sentences"#
        ]],
    );
}

#[test]
fn labels_without_actions() {
    check(
        &[(2, 3, "DOG")],
        |_| {},
        expect![[
            r#"example 0 of the batch: token 2 ("Ada"): gold tag "U-DOG" has no action; known labels are PERSON; add the label before training"#
        ]],
    );
    check(
        &[(2, 3, "!PERSON")],
        |_| {},
        expect![[
            r#"example 0 of the batch: token 2 ("Ada"): label "!PERSON" begins with "!"; put spans that are not entities into the span group named by incorrect_spans_key"#
        ]],
    );
}

#[test]
fn contradictions() {
    let contradict = |example: &mut Example| {
        let label = StringId::of("PERSON");
        let span = SpanRecord { start: 2, end: 3, label, kb_id: StringId::EMPTY, id: StringId::EMPTY };
        let group = SpanGroup { spans: vec![span], attrs: Vec::new() };
        example.reference.spans.insert("wrong".to_owned(), group);
    };
    check(
        &[(2, 3, "PERSON")],
        contradict,
        expect![[
            r#"example 0 of the batch: tokens 2..3 ("Ada") are annotated as the entity PERSON and, in the span group "wrong", as not being it; remove one of the two"#
        ]],
    );
}
