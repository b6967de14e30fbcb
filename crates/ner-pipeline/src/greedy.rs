use ner_doc::Doc;
use ner_model::StateScorer;
use ner_transitions::{Actions, Constraints, ContextFeatures, State, ValidActions};

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
    let mut room = Room::new(scorer);
    while !state.is_final() {
        state.write_context(context, offset, &mut room.ids);
        scorer.hidden(&room.ids, false, &mut room.sums, &mut room.hidden, &mut room.largest);
        scorer.scores(&room.hidden, &mut room.scores);
        match actions.best_valid(ValidActions::new(&state, &constraints), &room.scores) {
            Some(best) => state.apply(actions.action(best)),
            None => state.force_final(),
        }
    }
    actions.write_entities(&state, doc);
}

/// Room to score one state in.
struct Room {
    ids: Vec<i32>,
    sums: Vec<f32>,
    hidden: Vec<f32>,
    largest: Vec<u8>,
    scores: Vec<f32>,
}

impl Room {
    fn new(scorer: &StateScorer) -> Room {
        Room {
            ids: vec![-1; scorer.n_features],
            sums: Vec::new(),
            hidden: vec![0.0; scorer.n_hidden],
            largest: vec![0; scorer.n_hidden],
            scores: vec![0.0; scorer.n_actions],
        }
    }
}
