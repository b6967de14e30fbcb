use std::borrow::Borrow;

use ner_doc::Example;

use crate::{Actions, Constraints, Gold, State, TransitionError};

/// A document with gold annotation, ready to be parsed.
#[derive(Clone, Debug)]
pub struct GoldDoc {
    /// Its place in the batch.
    pub example_index: usize,
    /// What the predicted document allows.
    pub constraints: Constraints,
    /// What is known of its entities.
    pub gold: Gold,
}

/// A state to train from.
#[derive(Clone, Debug)]
pub struct Start {
    /// Index of the document in [`Starts::docs`].
    pub doc: usize,
    /// The state: the beginning of the document, or further on with the gold annotation before it.
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

impl Actions {
    /// The states to train from. Documents of `max_length` tokens and more are cut into pieces of that many;
    /// each piece starts where the oracle would be, and pieces without gold annotation are left out. `None`
    /// cuts nothing. Examples without gold annotation are left out.
    pub fn starts<E: Borrow<Example>>(
        &self,
        examples: &[E],
        max_length: Option<usize>,
    ) -> Result<Starts, TransitionError> {
        let mut starts = Starts::default();
        let mut pieces = Vec::new();
        for (example_index, example) in examples.iter().map(Borrow::borrow).enumerate() {
            let in_example = |error| TransitionError::InExample { example_index, error: Box::new(error) };
            if !self.has_gold(example, 0, None).map_err(in_example)? || example.predicted.is_empty() {
                continue;
            }
            let gold = self.gold(example).map_err(in_example)?;
            let constraints = Constraints::new(&example.predicted, self);
            let doc = starts.docs.len();
            match max_length.filter(|&max_length| example.predicted.len() >= max_length) {
                None => starts.states.push(Start { doc, state: State::new(constraints.len()) }),
                Some(max_length) => {
                    let states = self.pieces(example, &constraints, &gold, max_length).map_err(in_example)?;
                    pieces.extend(states.into_iter().map(|state| Start { doc, state }));
                }
            }
            starts.docs.push(GoldDoc { example_index, constraints, gold });
        }
        starts.states.append(&mut pieces);
        Ok(starts)
    }

    fn pieces(
        &self,
        example: &Example,
        constraints: &Constraints,
        gold: &Gold,
        max_length: usize,
    ) -> Result<Vec<State>, TransitionError> {
        let mut state = State::new(constraints.len());
        let oracle = match self.oracle(state.clone(), constraints, gold) {
            Ok(oracle) => oracle,
            Err(dead_end) => return Err(Box::new(self.why(&dead_end, example, constraints, gold)?).into()),
        };
        let mut states = Vec::new();
        for piece in oracle.chunks(max_length.max(1)) {
            let start = state.clone();
            for &id in piece {
                state.apply(self.action(id));
            }
            // spaCy: past the last token the end reads -1, which leaves that token out of the slice.
            let end = if state.is_final() { -1 } else { state.next_token() as i64 };
            if self.has_gold(example, start.next_token(), Some(end))? {
                states.push(start);
            }
        }
        Ok(states)
    }
}
