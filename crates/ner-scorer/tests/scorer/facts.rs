//! The rules of counting, one by one.

use std::sync::Arc;

use ner_doc::{Doc, EntIob, Example};
use ner_scorer::{
    Counts, EntityCounts, EntityScorer, ScoreCounts, Scorer, Scores, SentenceScorer, TokenScorer,
};
use ner_vocab::Vocab;
use serde_json::Value;

/// A document of words with entities in brackets, `[PER Ada Lovelace] wrote`, of which a word with a question mark
/// before it is unknown. An underscore stands for a token that is a space.
fn doc(notation: &str) -> Doc {
    let (mut words, mut iobs, mut label) = (Vec::new(), Vec::new(), None);
    for part in notation.split(' ') {
        if let Some(name) = part.strip_prefix('[') {
            label = Some((name, EntIob::Begin));
            continue;
        }
        let (iob, name) = match label {
            _ if part.starts_with('?') => (EntIob::Missing, ""),
            Some((name, iob)) => (iob, name),
            None => (EntIob::Out, ""),
        };
        words.push(part.trim_start_matches('?').trim_end_matches(']').replace('_', " "));
        iobs.push((iob, name));
        label = label.map(|(name, _)| (name, EntIob::In)).filter(|_| !part.ends_with(']'));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let vocab = Arc::new(Vocab::new("en").unwrap());
    let mut doc = Doc::from_words(vocab.clone(), &words, &vec![true; words.len()]);
    for (token, (iob, name)) in doc.tokens.iter_mut().zip(iobs) {
        token.ent_iob = iob;
        token.ent_type = vocab.strings().add(name);
    }
    doc
}

fn examples(pairs: &[(&str, &str)]) -> Vec<Example> {
    pairs.iter().map(|(predicted, gold)| Example::new(doc(predicted), doc(gold))).collect()
}

fn scores(scorer: &dyn Scorer, examples: &[Example]) -> Scores {
    let mut counts = scorer.start();
    counts.add(examples).unwrap();
    counts.scores()
}

/// The counts of each label: true positives, false positives, false negatives.
#[track_caller]
fn check(predicted: &str, gold: &str, expected: &[(&str, [u64; 3])]) {
    let mut found = EntityCounts::default();
    found.add(&examples(&[(predicted, gold)])).unwrap();
    let counts = |counts: Counts| [counts.true_positives, counts.false_positives, counts.false_negatives];
    let found: Vec<_> = found.by_label().map(|(name, it)| (name, counts(it))).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_entity_is_right_with_its_label_and_both_bounds() {
    check("[PER Ada King] wrote", "[PER Ada King] wrote", &[("PER", [1, 0, 0])]);
}

#[test]
fn a_wrong_bound_is_a_false_positive_and_a_false_negative() {
    check("[PER Ada] King wrote", "[PER Ada King] wrote", &[("PER", [0, 1, 1])]);
}

#[test]
fn a_wrong_label_counts_against_both_labels() {
    check("[ORG Ada] wrote", "[PER Ada] wrote", &[("ORG", [0, 1, 0]), ("PER", [0, 0, 1])]);
}

#[test]
fn a_prediction_where_the_truth_is_unknown_is_neither_right_nor_wrong() {
    check("[PER Ada] met [PER Bob]", "?Ada met [PER Bob]", &[("PER", [1, 0, 0])]);
    check("[PER Ada King] wrote", "Ada ?King wrote", &[("PER", [0, 0, 0])]);
}

#[test]
fn entities_are_compared_by_the_true_tokens() {
    check("in [LOC NewYork]", "in [LOC New York]", &[("LOC", [1, 0, 0])]);
    check("in [LOC New] York", "in [LOC NewYork]", &[("LOC", [1, 0, 0])]);
}

#[test]
fn a_true_entity_is_found_once() {
    check("in [LOC New] [LOC York]", "in [LOC NewYork]", &[("LOC", [1, 1, 0])]);
}

#[test]
fn labels_come_in_the_order_in_which_they_are_met() {
    let pairs =
        [("[PER Ada] at [LOC home]", "[PER Ada] at home"), ("[LOC Rome] [PER Bob]", "[ORG Rome] Bob")];
    let mut counts = EntityCounts::default();
    counts.add(&examples(&pairs)).unwrap();
    let names: Vec<_> = counts.by_label().map(|(name, _)| name).collect();
    assert_eq!(names, ["PER", "LOC", "ORG"]);
}

#[test]
fn nothing_is_scored_without_a_true_annotation() {
    let scores = scores(&EntityScorer, &examples(&[("[PER Ada] wrote", "?Ada ?wrote")]));
    assert_eq!([&scores["ents_f"], &scores["ents_per_type"]], [&Value::Null; 2]);
}

#[test]
fn nothing_predicted_is_a_score_of_zero() {
    let scores = scores(&EntityScorer, &examples(&[("Ada wrote", "[PER Ada] wrote")]));
    assert_eq!(["ents_p", "ents_r", "ents_f"].map(|name| scores[name].as_f64()), [Some(0.0); 3]);
}

#[test]
fn a_token_is_right_if_it_is_one_true_token() {
    let found = scores(&TokenScorer, &examples(&[("Ada did n't", "Ada didn't")]));
    // Each part of `didn't` aligns to one true token, but only `Ada` has the same characters.
    let expected = [Some(1.0), Some(1.0 / 3.0), Some(0.5)];
    assert_eq!(["token_acc", "token_p", "token_r"].map(|name| found[name].as_f64()), expected);
    let found = scores(&TokenScorer, &examples(&[("Ada didn't", "Ada did n't")]));
    assert_eq!(found["token_acc"], 0.5);
}

#[test]
fn white_space_is_no_token_to_score() {
    let found = scores(&TokenScorer, &examples(&[("Ada _ wrote", "Ada _ wrote")]));
    assert_eq!(found["token_f"], 1.0);
    // With the space as a third token the share of right ones would be two thirds.
    let found = scores(&TokenScorer, &examples(&[("Ada _ wro te", "Ada _ wrote")]));
    assert_eq!(found["token_r"], 0.5);
}

#[test]
fn tokens_are_not_scored_where_the_true_spaces_are_unknown() {
    let mut gold = doc("Ada wrote");
    gold.has_unknown_spaces = true;
    let found = scores(&TokenScorer, &[Example::new(doc("Ada wrote"), gold)]);
    assert_eq!(found["token_acc"], Value::Null);
}

#[test]
fn sentences_are_right_with_both_borders() {
    let sentences = |starts: &[usize]| {
        let mut doc = doc("Ada wrote . Bob read . He slept");
        for (index, token) in doc.tokens.iter_mut().enumerate() {
            token.sent_start = if starts.contains(&index) { 1 } else { -1 };
        }
        doc
    };
    let example = Example::new(sentences(&[0, 3, 7]), sentences(&[0, 3, 6]));
    assert_eq!(scores(&SentenceScorer, &[example])["sents_f"], 1.0 / 3.0);
}

#[test]
fn many_examples_score_as_they_do_one_by_one() {
    // More than a thread counts at once.
    let pairs = [("[PER Ada] met Bob", "[PER Ada] met [PER Bob]"), ("in [ORG Rome]", "in [LOC Rome]")];
    let all = examples(&pairs.repeat(100));
    for scorer in [&EntityScorer as &dyn Scorer, &TokenScorer, &SentenceScorer] {
        let mut one_by_one = scorer.start();
        all.iter().for_each(|example| one_by_one.add(std::slice::from_ref(example)).unwrap());
        assert_eq!(one_by_one.scores(), scores(scorer, &all));
    }
}
