use ner_doc::{Doc, Example};
use ner_transitions::{Starts, State};
use serde::Deserialize;

use crate::files::{actions_of_classes, for_each_row, reference, value, vocab};

#[derive(Deserialize)]
struct CutRow {
    gold: Vec<Vec<Option<String>>>,
    max_length: usize,
    states: Vec<StartState>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct StartState {
    doc: usize,
    start: usize,
    open_ent: bool,
    /// First token of the entity begun last, open or not; -1 if there is none.
    e0: i64,
}

#[test]
fn long_documents_are_cut_as_in_spacy() {
    let actions = actions_of_classes(&value::<Vec<String>>("oracle_cut_classes.json"));
    let vocab = vocab();
    for_each_row("oracle_cut.jsonl", |row: CutRow| {
        let examples = row.gold.iter().map(|tags| {
            let words = vec!["w"; tags.len()];
            Example::new(Doc::from_words(vocab.clone(), &words, &[]), reference(&vocab, &words, tags, &[]))
        });
        let starts = Starts::new(&examples.collect::<Vec<_>>(), &actions, Some(row.max_length)).unwrap();
        let found = starts.states.iter().map(|start| StartState {
            doc: starts.docs[start.doc].example_index,
            start: start.state.next_token(),
            open_ent: start.state.open_entity().is_some(),
            e0: last_entity_start(&start.state).map_or(-1, i64::from),
        });
        assert_eq!(found.collect::<Vec<_>>(), row.states);
    });
}

fn last_entity_start(state: &State) -> Option<u32> {
    let open = state.open_entity().map(|open| open.start);
    open.or_else(|| state.entities().last().map(|entity| entity.start))
}
