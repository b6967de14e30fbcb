use ner_doc::{Doc, EntIob};
use ner_transitions::{
    Action, Actions, Constraints, Gold, INVALID, Oracle, State, ValidActions, write_entities,
};
use ner_vocab::StringId;
use serde::Deserialize;

use crate::files::{Case, class_sets, for_each_row, ids, iob};

#[derive(Deserialize)]
struct CostTable {
    #[serde(flatten)]
    case: Case,
    states: Vec<CostRow>,
    r#final: Option<Final>,
    #[serde(default)]
    before_kb_id: Vec<String>,
    #[serde(default)]
    before_ent_id: Vec<String>,
}

#[derive(Deserialize)]
struct CostRow {
    prefix: Vec<u32>,
    cost: Vec<Option<u8>>,
}

#[derive(Deserialize)]
struct Final {
    actions: Vec<u32>,
    iob: Vec<u8>,
    r#type: Vec<String>,
    kb_id: Vec<String>,
    ent_id: Vec<String>,
}

#[test]
fn validity_and_costs_are_those_of_spacy() {
    let sets = class_sets();
    let mut n_states = 0;
    for_each_row("cost_tables.jsonl.gz", |table: CostTable| {
        n_states += table.states.len();
        let actions = &sets[table.case.set];
        let example = table.case.example();
        let constraints = Constraints::new(&example.predicted, actions);
        let gold = Gold::new(&example, actions).unwrap();
        let oracle = Oracle { actions, constraints: &constraints, gold: &gold };
        for row in &table.states {
            let state = follow(actions, constraints.len(), &row.prefix);
            let mut costs = vec![0; actions.len()];
            oracle.costs(&state, &mut costs);
            let expected: Vec<u8> = row.cost.iter().map(|cost| cost.unwrap_or(INVALID)).collect();
            assert_eq!(costs, expected, "after {:?} with gold {:?}", row.prefix, table.case.gold);
            check_validity(actions, ValidActions::new(&state, &constraints), &expected);
        }
    });
    assert!(n_states > 0, "no table has states");
}

/// All ways of asking what is valid give the same answer.
fn check_validity(actions: &Actions, valid: ValidActions, costs: &[u8]) {
    let mut visited = vec![0; actions.len()];
    valid.for_each_run(actions, |run| visited[run].iter_mut().for_each(|visits| *visits += 1));
    for (id, action) in actions.iter() {
        let is_valid = costs[id.index()] != INVALID;
        assert_eq!(valid.contains(action), is_valid);
        assert_eq!(visited[id.index()], i32::from(is_valid));
    }
    let first = actions.iter().map(|(id, _)| id).find(|id| costs[id.index()] != INVALID);
    assert_eq!(valid.best(actions, &vec![0.0; actions.len()]), first);
    let rising: Vec<f32> = (0..actions.len()).map(|number| number as f32 - 100.0).collect();
    let last = actions.iter().map(|(id, _)| id).filter(|id| costs[id.index()] != INVALID).last();
    assert_eq!(valid.best(actions, &rising), last);
}

#[test]
fn entities_are_written_as_spacy_writes_them() {
    let sets = class_sets();
    let mut n_docs = 0;
    for_each_row("cost_tables.jsonl.gz", |table: CostTable| {
        let Some(expected) = table.r#final else { return };
        n_docs += 1;
        let actions = &sets[table.case.set];
        let mut doc = table.case.example().predicted;
        set_ids(&mut doc, &table.before_kb_id, &table.before_ent_id);
        let state = follow(actions, doc.len(), &expected.actions);
        write_entities(&state, actions, &mut doc);
        for (index, token) in doc.tokens.iter().enumerate() {
            let id_of = |text: &str| StringId::of(text);
            assert_eq!(token.ent_iob, iob(expected.iob[index]));
            assert_ne!(token.ent_iob, EntIob::Missing);
            assert_eq!(token.ent_type, id_of(&expected.r#type[index]));
            assert_eq!(token.ent_kb_id, id_of(&expected.kb_id[index]));
            assert_eq!(token.ent_id, id_of(&expected.ent_id[index]));
        }
    });
    assert!(n_docs > 0, "no document was parsed to its end");
}

fn set_ids(doc: &mut Doc, kb_ids: &[String], ent_ids: &[String]) {
    for ((token, kb_id), ent_id) in doc.tokens.iter_mut().zip(kb_ids).zip(ent_ids) {
        token.ent_kb_id = StringId::of(kb_id);
        token.ent_id = StringId::of(ent_id);
    }
}

fn follow(actions: &Actions, n_tokens: usize, numbers: &[u32]) -> State {
    let mut state = State::new(n_tokens);
    for id in ids(numbers) {
        let action: Action = actions.action(id);
        state.apply(action);
    }
    state
}
