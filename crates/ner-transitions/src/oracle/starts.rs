use std::borrow::Borrow;

use ner_doc::Example;

use super::{Gold, Oracle, diagnose, has_gold, has_gold_within};
use crate::{Actions, Constraints, State, TransitionError};

/// A document with gold annotation, ready to be parsed.
#[derive(Clone, Debug)]
pub struct GoldDoc {
    /// Its place in the batch.
    pub example_index: usize,
    /// The restrictions of the predicted document.
    pub constraints: Constraints,
    /// The known entities.
    pub gold: Gold,
}

impl GoldDoc {
    /// The oracle of this document.
    pub fn oracle<'a>(&'a self, actions: &'a Actions) -> Oracle<'a> {
        Oracle { actions, constraints: &self.constraints, gold: &self.gold }
    }
}

/// A state to train from.
#[derive(Clone, Debug)]
pub struct Start {
    /// Index of the document in [`Starts::docs`].
    pub doc: usize,
    /// The state: the beginning of the document, or a later one that the gold annotation leads to.
    pub state: State,
}

/// The states that one update of a batch starts from.
#[derive(Clone, Debug, Default)]
pub struct Starts {
    /// The documents with gold annotation and at least one token, in batch order.
    pub docs: Vec<GoldDoc>,
    /// The states: documents that are short enough first, then pieces of the longer ones.
    pub states: Vec<Start>,
}

impl Starts {
    /// The states to train from. Documents of `max_length` tokens and more are cut into pieces of that many; each piece
    /// starts where the gold annotation leads, and pieces without gold annotation are left out. `None` cuts nothing.
    /// Examples without gold annotation are left out.
    ///
    /// Pieces of all documents are then parsed side by side, so that one long document does not make as many steps as it
    /// has tokens.
    pub fn new<E: Borrow<Example>>(
        examples: &[E],
        actions: &Actions,
        max_length: Option<usize>,
    ) -> Result<Starts, TransitionError> {
        let mut starts = Starts::default();
        let mut pieces = Vec::new();
        for (example_index, example) in examples.iter().map(Borrow::borrow).enumerate() {
            let in_example = |error| TransitionError::InExample { example_index, error: Box::new(error) };
            if !has_gold(example, actions).map_err(in_example)? || example.predicted.is_empty() {
                continue;
            }
            let gold = Gold::new(example, actions).map_err(in_example)?;
            let constraints = Constraints::new(&example.predicted, actions);
            let gold_doc = GoldDoc { example_index, constraints, gold };
            let doc = starts.docs.len();
            match max_length.filter(|&max_length| example.predicted.len() >= max_length) {
                None => starts.states.push(Start { doc, state: State::new(example.predicted.len()) }),
                Some(max_length) => {
                    let states = cut(example, gold_doc.oracle(actions), max_length).map_err(in_example)?;
                    pieces.extend(states.into_iter().map(|state| Start { doc, state }));
                }
            }
            starts.docs.push(gold_doc);
        }
        starts.states.append(&mut pieces);
        Ok(starts)
    }
}

/// The first states of the document's pieces.
fn cut(example: &Example, oracle: Oracle<'_>, max_length: usize) -> Result<Vec<State>, TransitionError> {
    let mut state = State::new(oracle.constraints.len());
    let gold_actions =
        oracle.sequence(state.clone()).map_err(|dead_end| diagnose(oracle, &dead_end, example))?;
    let mut states = Vec::new();
    // A length of 0 comes from a setting of 1, half of which is drawn; every token is then a piece.
    for piece in gold_actions.chunks(max_length.max(1)) {
        let start = state.clone();
        for &id in piece {
            state.apply(oracle.actions.action(id));
        }
        // spaCy: past the last token the end reads -1, which leaves that token out of the slice (transition_parser.pyx).
        let end = if state.is_final() { -1 } else { state.next_token() as i64 };
        if has_gold_within(example, oracle.actions, start.next_token(), end)? {
            states.push(start);
        }
    }
    Ok(states)
}
