use ner_doc::{Doc, Example};
use ner_transitions::{Actions, has_gold, has_gold_within};
use serde::Deserialize;

use crate::files::{NEG_KEY, for_each_row, iob, reference, vocab};

#[derive(Deserialize)]
struct HasGoldRow {
    ref_iob: Vec<u8>,
    words: Vec<String>,
    neg: Vec<(usize, usize, String)>,
    neg_key_set: bool,
    queries: Vec<Query>,
}

#[derive(Debug, Deserialize)]
struct Query {
    start: usize,
    end: Option<i64>,
    has_gold: bool,
}

#[test]
fn pieces_with_gold_are_those_of_spacy() {
    for_each_row("has_gold.jsonl", |row: HasGoldRow| {
        let vocab = vocab();
        let words: Vec<&str> = row.words.iter().map(String::as_str).collect();
        let mut truth = reference(&vocab, &words, &[], &row.neg);
        for (token, &number) in truth.tokens.iter_mut().zip(&row.ref_iob) {
            token.ent_iob = iob(number);
        }
        let example = Example::new(Doc::from_words(vocab, &words, &[]), truth);
        let mut actions = Actions::without_labels();
        actions.neg_key = row.neg_key_set.then(|| NEG_KEY.to_owned());
        for query in &row.queries {
            let end = query.end.unwrap_or(words.len() as i64);
            let found = has_gold_within(&example, &actions, query.start, end).unwrap();
            assert_eq!(found, query.has_gold, "{query:?} of {:?} {:?}", row.words, row.ref_iob);
            if query.start == 0 && query.end.is_none() {
                assert_eq!(has_gold(&example, &actions).unwrap(), query.has_gold);
            }
        }
    });
}
