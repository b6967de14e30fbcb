use ner_doc::Doc;
use ner_model::StateGradient;
use ner_transitions::{
    Actions, Constraints, ContextFeatures, Starts, State, TransitionError, ValidActions, write_entities,
};

use super::decoder::{Decoder, DocStates, Search};
use super::exploration::Exploration;
use super::pieces::Pieces;
use super::state_scratch::{SinglePiece, StateScratch};
use crate::EntityScore;
use crate::learning::StateWeights;

/// Takes the best valid action in each state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Greedy {
    /// After how many steps and one more training leaves a document's states; `None` follows them to the end.
    pub(super) max_steps: Option<usize>,
}

impl Greedy {
    /// The same as [`decode`](Decoder::decode), with token vectors that are there for a piece of the document at a time.
    pub(super) fn decode_pieces(
        pieces: &Pieces<'_>,
        actions: &Actions,
        context: ContextFeatures,
        doc: &mut Doc,
    ) {
        let constraints = Constraints::new(doc, actions);
        let mut state = State::new(doc.len());
        while !state.is_final() {
            let (scorer, tokens) = pieces.scorer(doc, &state);
            let offset = -(tokens.start as i32);
            let mut scratch = StateScratch::new(&scorer, actions, context, offset, SinglePiece::Linear);
            follow(&mut state, actions, &constraints, &mut scratch, tokens.end);
        }
        write_entities(&state, actions, doc);
    }
}

impl Decoder for Greedy {
    fn decode(&self, states: &DocStates<'_>, doc: &mut Doc) -> Vec<EntityScore> {
        let DocStates { actions, context, scorer, offset } = *states;
        let constraints = Constraints::new(doc, actions);
        let mut state = State::new(doc.len());
        let mut scratch = StateScratch::new(scorer, actions, context, offset, SinglePiece::Linear);
        follow(&mut state, actions, &constraints, &mut scratch, doc.len());
        write_entities(&state, actions, doc);
        Vec::new()
    }

    fn learn(&self, search: Search<'_>, starts: Starts) -> Result<StateGradient, TransitionError> {
        let Search { actions, with, supervision, offsets, unseen, random, n_tokens, loss, .. } = search;
        let weights = StateWeights::new(supervision, actions);
        let mut exploration = Exploration { actions, with, supervision, weights, offsets, unseen };
        Ok(exploration.run(starts, self.max_steps, random, n_tokens, loss))
    }
}

/// Takes the best actions up to the token `end`.
fn follow(
    state: &mut State,
    actions: &Actions,
    constraints: &Constraints,
    scratch: &mut StateScratch<'_>,
    end: usize,
) {
    while state.next_token() < end {
        let scores = scratch.score(state);
        match ValidActions::new(state, constraints).best(actions, scores) {
            Some(best) => state.apply(actions.action(best)),
            // spaCy: the same end as in training (transition_parser.pyx).
            None => state.force_final(),
        }
    }
}
