use ner_doc::Doc;
use ner_model::StateGradient;
use ner_transitions::{Constraints, Starts, State, TransitionError, ValidActions, write_entities};

use super::decoder::{Decoder, DocStates, Search};
use super::exploration::Exploration;
use super::state_scratch::{SinglePiece, StateScratch};
use crate::EntityScore;

/// Takes the best valid action in each state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Greedy {
    /// After how many steps and one more training leaves a document's states; `None` follows them to the end.
    pub(super) max_steps: Option<usize>,
}

impl Decoder for Greedy {
    fn decode(&self, states: &DocStates<'_>, doc: &mut Doc) -> Vec<EntityScore> {
        let DocStates { actions, context, scorer, offset } = *states;
        let constraints = Constraints::new(doc, actions);
        let mut state = State::new(doc.len());
        let mut scratch = StateScratch::new(scorer, context, offset, SinglePiece::Linear);
        while !state.is_final() {
            let scores = scratch.score(&state);
            match ValidActions::new(&state, &constraints).best(actions, scores) {
                Some(best) => state.apply(actions.action(best)),
                // spaCy: the same end as in training (transition_parser.pyx).
                None => state.force_final(),
            }
        }
        write_entities(&state, actions, doc);
        Vec::new()
    }

    fn learn(&self, search: Search<'_>, starts: Starts) -> Result<StateGradient, TransitionError> {
        let Search { actions, with, objective, offsets, unseen, random, n_tokens, loss, .. } = search;
        let mut exploration = Exploration { actions, with, objective, offsets, unseen };
        Ok(exploration.run(starts, self.max_steps, random, n_tokens, loss))
    }
}
