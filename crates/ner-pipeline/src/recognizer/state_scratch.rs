use ner_model::StateScorer;
use ner_transitions::{Actions, ContextFeatures, State};

/// What a single piece of a state's vector is when it is below zero.
///
/// spaCy: greedy prediction leaves it alone, while beams and training rectify it (parser_model.pyx).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SinglePiece {
    Linear,
    Rectified,
}

/// Writes what a state shows into `ids`: its tokens, as rows of the scorer, and behind them, if its layers look back, the
/// action by which the next token's word was consumed before. `offset` is the row of the document's first token.
pub(super) fn show(
    scorer: &StateScorer,
    actions: &Actions,
    context: ContextFeatures,
    offset: i32,
    state: &State,
    ids: &mut [i32],
) {
    let (tokens, earlier) = ids.split_at_mut(scorer.layers.n_features);
    state.write_context(context, offset, tokens);
    if let [earlier] = earlier {
        let row = usize::try_from(tokens[0]).ok().and_then(|row| scorer.earlier_token(row));
        let action = row.and_then(|row| state.action_at(row - offset as usize));
        let action = action.and_then(|action| actions.find(action));
        *earlier = action.map_or(-1, |action| action.0 as i32);
    }
}

/// Room to score one state after the other in.
pub(crate) struct StateScratch<'a> {
    scorer: &'a StateScorer,
    actions: &'a Actions,
    context: ContextFeatures,
    /// Row of the document's first token among those that the scorer was made for.
    offset: i32,
    single_piece: SinglePiece,
    ids: Vec<i32>,
    sums: Vec<f32>,
    hidden: Vec<f32>,
    largest: Vec<u8>,
    scores: Vec<f32>,
}

impl<'a> StateScratch<'a> {
    pub(crate) fn new(
        scorer: &'a StateScorer,
        actions: &'a Actions,
        context: ContextFeatures,
        offset: i32,
        single_piece: SinglePiece,
    ) -> StateScratch<'a> {
        StateScratch {
            scorer,
            actions,
            context,
            offset,
            single_piece,
            ids: vec![-1; scorer.layers.n_ids()],
            sums: Vec::new(),
            hidden: vec![0.0; scorer.layers.n_hidden],
            largest: vec![0; scorer.layers.n_hidden],
            scores: vec![0.0; scorer.n_actions],
        }
    }

    /// The scores of all actions.
    pub(crate) fn score(&mut self, state: &State) -> &[f32] {
        show(self.scorer, self.actions, self.context, self.offset, state, &mut self.ids);
        let rectify = self.single_piece == SinglePiece::Rectified;
        self.scorer.hidden(&self.ids, rectify, &mut self.sums, &mut self.hidden, &mut self.largest);
        self.scorer.scores(&self.hidden, &mut self.scores);
        &self.scores
    }
}
