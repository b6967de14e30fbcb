use std::collections::BTreeSet;

use ner_doc::Example;
use ner_transitions::{
    Actions, CauseKind, Constraints, Gold, INVALID, Oracle, State, TransitionError, diagnose, has_gold,
};
use serde::Deserialize;

use crate::files::{Case, class_sets, for_each_row, ids};

#[derive(Deserialize)]
struct OracleRow {
    #[serde(flatten)]
    case: Case,
    result: OracleResult,
}

#[derive(Deserialize)]
struct OracleResult {
    actions: Option<Vec<u32>>,
    code: Option<String>,
    prefix: Option<Vec<u32>>,
    cost: Option<Vec<Option<u8>>>,
    failing_token: Option<usize>,
    causes: Option<Vec<String>>,
}

#[test]
fn oracle_and_its_failures_are_those_of_spacy() {
    let sets = class_sets();
    let mut results = BTreeSet::new();
    for_each_row("oracle.jsonl.gz", |row: OracleRow| {
        results.insert(row.result.code.clone());
        let actions = &sets[row.case.set];
        match row.result.code.as_deref() {
            None => check_oracle(actions, &row),
            Some("E024") => check_dead_end(actions, &row),
            Some(code) => {
                let error = Gold::new(&row.case.example(), actions).unwrap_err();
                let found = match error {
                    TransitionError::Contradiction { .. } => "E868",
                    TransitionError::NegatedLabel { .. } => "E869",
                    TransitionError::UnknownTag { .. } => "E022",
                    other => panic!("{other}"),
                };
                assert_eq!(found, code);
            }
        }
    });
    let codes = ["E022", "E024", "E868", "E869"].map(|code| Some(code.to_owned()));
    assert!(results.contains(&None) && codes.iter().all(|code| results.contains(code)), "only {results:?}");
}

fn check_oracle(actions: &Actions, row: &OracleRow) {
    let example = row.case.example();
    let expected = ids(row.result.actions.as_ref().unwrap());
    if !has_gold(&example, actions).unwrap() {
        return assert!(expected.is_empty());
    }
    let gold = Gold::new(&example, actions).unwrap();
    let constraints = Constraints::new(&example.predicted, actions);
    let oracle = Oracle { actions, constraints: &constraints, gold: &gold };
    assert_eq!(oracle.sequence(State::new(constraints.len())), Ok(expected));
}

fn check_dead_end(actions: &Actions, row: &OracleRow) {
    let example = row.case.example();
    let gold = Gold::new(&example, actions).unwrap();
    let constraints = Constraints::new(&example.predicted, actions);
    let oracle = Oracle { actions, constraints: &constraints, gold: &gold };
    let dead_end = oracle.sequence(State::new(constraints.len())).unwrap_err();
    assert_eq!(Some(dead_end.actions.clone()), row.result.prefix.as_deref().map(ids));
    let mut costs = vec![0; actions.len()];
    oracle.costs(&dead_end.state, &mut costs);
    let expected = row.result.cost.as_ref().unwrap().iter().map(|cost| cost.unwrap_or(INVALID));
    assert_eq!(costs, expected.collect::<Vec<_>>());
    let mut expected: Vec<&str> = row.result.causes.iter().flatten().map(String::as_str).collect();
    expected.sort_unstable();
    let causes_in = |example: &Example| {
        let TransitionError::NoOracle(no_oracle) = diagnose(oracle, &dead_end, example) else {
            panic!("the documents of the example fit together");
        };
        assert_eq!(Some(no_oracle.token_index), row.result.failing_token);
        let mut found: Vec<&str> = no_oracle.causes.iter().map(|cause| cause_name(cause.kind)).collect();
        found.sort_unstable();
        found
    };
    let found = [causes_in(&example), causes_in(&row.case.example_without_space_tags())];
    assert!(found.contains(&expected), "{expected:?} is not among {found:?}");
}

fn cause_name(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Preset => "preset",
        CauseKind::SentenceStart => "sent_start",
        CauseKind::NegativeSpan => "negative",
        CauseKind::WhiteSpace => "whitespace",
    }
}
