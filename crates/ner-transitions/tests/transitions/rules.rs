//! The rules by example: small documents in a notation of one word a token.

use expect_test::{Expect, expect};
use ner_doc::EntIob;
use ner_transitions::{
    Action, Actions, Constraints, Gold, INVALID, LabelFrequencies, LabelId, Oracle, State, TokenConstraints,
    ValidActions,
};
use ner_vocab::StringId;

fn actions() -> Actions {
    Actions::new(&LabelFrequencies::from_counts([("A".to_owned(), 2), ("B".to_owned(), 1)]))
}

/// The actions named, `-` for none.
fn parse(names: &str) -> Vec<Option<Action>> {
    let actions = actions();
    let by_name =
        |name: &str| actions.iter().find(|&(id, _)| actions.name(id) == name).map(|(_, action)| action);
    let known = |name| by_name(name).unwrap_or_else(|| panic!("{name} is no action"));
    names.split_whitespace().map(|name| (name != "-").then(|| known(name))).collect()
}

/// A document: `.` is a token that is free, `B-A` and `I-A` one in a preset entity, `B-` one that is blocked, `_` white space;
/// `|` stands before a token that starts a sentence.
fn constraints(tokens: &str) -> Constraints {
    let of_token = |word: &str| {
        let token = word.trim_start_matches('|');
        let (iob, label) = match token.split_once('-') {
            Some(("B", label)) => (EntIob::Begin, label),
            Some((_, label)) => (EntIob::In, label),
            None => (EntIob::Missing, ""),
        };
        let label = if label.is_empty() { LabelId::EMPTY } else { actions().label_id(StringId::of(label)) };
        TokenConstraints { label, iob, starts_sentence: word.starts_with('|'), is_space: token == "_" }
    };
    Constraints::from_tokens(tokens.split_whitespace().map(of_token).collect())
}

fn after(taken: &str, n_tokens: usize) -> State {
    let mut state = State::new(n_tokens);
    parse(taken).into_iter().flatten().for_each(|action| state.apply(action));
    state
}

#[track_caller]
fn check_valid(tokens: &str, taken: &str, expected: Expect) {
    let (actions, constraints) = (actions(), constraints(tokens));
    let valid = ValidActions::new(&after(taken, constraints.len()), &constraints);
    let names = actions.iter().filter(|&(_, action)| valid.contains(action)).map(|(id, _)| actions.name(id));
    expected.assert_eq(&names.collect::<Vec<_>>().join(" "));
}

/// The valid actions and their costs, in a document that restricts nothing.
#[track_caller]
fn check_costs(gold: &str, taken: &str, expected: Expect) {
    let gold_actions = parse(gold);
    let (actions, constraints) = (actions(), constraints(&". ".repeat(gold_actions.len())));
    let gold = Gold::from_actions(gold_actions, Vec::new());
    let mut costs = vec![0; actions.len()];
    let oracle = Oracle { actions: &actions, constraints: &constraints, gold: &gold };
    oracle.costs(&after(taken, constraints.len()), &mut costs);
    let valid = actions.iter().zip(costs).filter(|(_, cost)| *cost != INVALID);
    let shown = valid.map(|((id, _), cost)| format!("{} {cost}", actions.name(id)));
    expected.assert_eq(&shown.collect::<Vec<_>>().join(", "));
}

#[test]
fn an_entity_of_several_tokens_needs_a_second_token_in_its_sentence() {
    check_valid(". .", "", expect!["B-A B-B U-A U-B O"]);
    check_valid(". .", "O", expect!["U-A U-B O"]);
    check_valid(". |.", "", expect!["U-A U-B O"]);
    check_valid(". . |.", "B-A", expect!["L-A"]);
    check_valid(". . .", "B-A", expect!["I-A L-A"]);
}

#[test]
fn no_entity_starts_on_white_space_but_one_may_cross_it() {
    check_valid("_ .", "", expect!["O"]);
    check_valid(". _ .", "B-A", expect!["I-A L-A"]);
}

#[test]
fn presets_leave_one_action() {
    check_valid("B-A I-A .", "", expect!["B-A"]);
    check_valid("B-A I-A .", "B-A", expect!["L-A"]);
    check_valid("B-A I-A I-A", "B-A", expect!["I-A"]);
    check_valid("B-A .", "", expect!["U-A"]);
    check_valid("B- .", "", expect!["U-"]);
    check_valid("_ B-A", "O", expect!["U-A"]);
}

#[test]
fn no_entity_reaches_into_a_preset() {
    check_valid(". B-A", "", expect!["U-A U-B O"]);
    check_valid(". . B-", "B-A", expect!["L-A"]);
}

#[test]
fn nothing_is_valid_past_the_end() {
    check_valid(".", "O", expect![""]);
}

#[test]
fn only_the_gold_label_is_free_where_an_entity_begins() {
    check_costs("B-A L-A O", "", expect!["B-A 0, B-B 1, U-A 1, U-B 1, O 1"]);
    check_costs("U-B O O", "", expect!["B-A 1, B-B 1, U-A 1, U-B 0, O 1"]);
    check_costs("O O O", "", expect!["B-A 1, B-B 1, U-A 1, U-B 1, O 0"]);
}

#[test]
fn a_right_entity_has_to_end_where_the_gold_one_ends() {
    check_costs("B-A I-A L-A O", "B-A", expect!["I-A 0, L-A 1"]);
    check_costs("B-A I-A L-A O", "B-A I-A", expect!["I-A 1, L-A 0"]);
}

#[test]
fn a_wrong_entity_may_end_anywhere_before_the_next_gold_one() {
    check_costs("B-A I-A L-A O O", "B-B", expect!["I-B 0, L-B 0"]);
    check_costs("O O U-A O", "B-A", expect!["I-A 1, L-A 0"]);
    check_costs("O U-A O O", "B-A", expect!["I-A 0, L-A 0"]);
}

#[test]
fn what_is_not_known_costs_nothing() {
    check_costs("- - -", "", expect!["B-A 0, B-B 0, U-A 0, U-B 0, O 0"]);
    check_costs("- - -", "B-A", expect!["I-A 0, L-A 0"]);
}
