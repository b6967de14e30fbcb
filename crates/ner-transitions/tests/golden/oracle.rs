use ner_doc::Example;
use ner_transitions::{Actions, CauseKind, Constraints, INVALID, NoOracle, State, TransitionError};
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
    for_each_row("oracle.jsonl.gz", |row: OracleRow| {
        let actions = &sets[row.case.set];
        match row.result.code.as_deref() {
            None => check_oracle(actions, &row),
            Some("E024") => check_dead_end(actions, &row),
            Some(code) => {
                let error = actions.gold(&row.case.example()).unwrap_err();
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
}

fn check_oracle(actions: &Actions, row: &OracleRow) {
    let example = row.case.example();
    let expected = ids(row.result.actions.as_ref().unwrap());
    if !actions.has_gold(&example, 0, None).unwrap() {
        return assert!(expected.is_empty());
    }
    let gold = actions.gold(&example).unwrap();
    let constraints = Constraints::new(&example.predicted, actions);
    assert_eq!(actions.oracle(State::new(constraints.len()), &constraints, &gold), Ok(expected));
}

fn check_dead_end(actions: &Actions, row: &OracleRow) {
    let example = row.case.example();
    let gold = actions.gold(&example).unwrap();
    let constraints = Constraints::new(&example.predicted, actions);
    let dead_end = actions.oracle(State::new(constraints.len()), &constraints, &gold).unwrap_err();
    assert_eq!(Some(dead_end.actions.clone()), row.result.prefix.as_deref().map(ids));
    let mut costs = vec![0; actions.len()];
    actions.costs(&dead_end.state, &constraints, &gold, &mut costs);
    let expected = row.result.cost.as_ref().unwrap().iter().map(|cost| cost.unwrap_or(INVALID));
    assert_eq!(costs, expected.collect::<Vec<_>>());
    let mut expected: Vec<&str> = row.result.causes.iter().flatten().map(String::as_str).collect();
    expected.sort_unstable();
    let causes_in = |example: &Example| {
        let NoOracle { token_index, causes, .. } =
            actions.why(&dead_end, example, &constraints, &gold).unwrap();
        assert_eq!(Some(token_index), row.result.failing_token);
        let mut found: Vec<&str> = causes.iter().map(|cause| cause_name(cause.kind)).collect();
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
