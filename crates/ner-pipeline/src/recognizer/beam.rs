use ner_doc::Doc;
use ner_model::StateGradient;
use ner_transitions::{Beam, BeamSettings, Constraints, Starts, TransitionError, write_entities};

use super::beam_exploration::BeamExploration;
use super::decoder::{Decoder, DocStates, EntityScore, Search};
use super::state_scratch::{SinglePiece, StateScratch};

/// Follows several action sequences of a document side by side.
#[derive(Clone, Copy, Debug)]
pub(super) struct BeamSearch(pub(super) BeamSettings);

impl BeamSearch {
    /// The beam at the end of a document, which holds at least one token.
    pub(super) fn search(&self, states: &DocStates<'_>, doc: &Doc) -> Beam {
        let DocStates { actions, context, scorer, offset } = *states;
        let constraints = Constraints::new(doc, actions);
        let mut beam = Beam::new(doc.len(), self.0);
        let mut scratch = StateScratch::new(scorer, actions, context, offset, SinglePiece::Rectified);
        let mut scores = Vec::new();
        while !beam.is_done() {
            scores.clear();
            // All states are scored before the beam advances, because their successors compete for the same places.
            beam.states().for_each(|state| scores.extend_from_slice(scratch.score(state)));
            beam.advance(actions, &constraints, &scores);
        }
        beam
    }
}

impl Decoder for BeamSearch {
    fn decode(&self, states: &DocStates<'_>, doc: &mut Doc) -> Vec<EntityScore> {
        let (actions, beam) = (states.actions, self.search(states, doc));
        write_entities(&beam.best(actions), actions, doc);
        let scores = beam.entity_scores(actions).into_iter().map(|(entity, score)| EntityScore {
            start: entity.start as usize,
            end: entity.end as usize,
            label: actions.label_string_id(entity.label),
            score,
        });
        scores.collect()
    }

    fn learn(&self, search: Search<'_>, starts: Starts) -> Result<StateGradient, TransitionError> {
        let Search { actions, with, examples, offsets, unseen, random, n_tokens, loss, .. } = search;
        let exploration = BeamExploration { actions, beam: self.0, with, examples, offsets, unseen };
        exploration.run(&starts.docs, random, n_tokens, loss)
    }
}
