use ner_doc::Doc;
use ner_model::StateScorer;
use ner_transitions::{Actions, Constraints, ContextFeatures, State, ValidActions, write_entities};

use crate::recognizer::state_scratch::{SinglePiece, StateScratch};

/// Follows the best valid action from the first token to the last, and writes the entities into the document.
/// `offset` is the row of the document's first token in the batch that the scorer was made for.
pub(crate) fn annotate(
    actions: &Actions,
    context: ContextFeatures,
    scorer: &StateScorer,
    offset: usize,
    doc: &mut Doc,
) {
    let constraints = Constraints::new(doc, actions);
    let mut state = State::new(doc.len());
    let mut room = StateScratch::new(scorer, context, offset, SinglePiece::Linear);
    while !state.is_final() {
        let scores = room.score(&state);
        match ValidActions::new(&state, &constraints).best(actions, scores) {
            Some(best) => state.apply(actions.action(best)),
            None => state.force_final(),
        }
    }
    write_entities(&state, actions, doc);
}
