use ner_model::StateScorer;
use ner_transitions::{ContextFeatures, State};

/// What a single piece of a state's vector is when it is below zero.
///
/// spaCy: greedy prediction leaves it alone, while beams and training rectify it (parser_model.pyx).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SinglePiece {
    Linear,
    Rectified,
}

/// Room to score one state after the other in.
pub(crate) struct StateScratch<'a> {
    scorer: &'a StateScorer,
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
        context: ContextFeatures,
        offset: i32,
        single_piece: SinglePiece,
    ) -> StateScratch<'a> {
        StateScratch {
            scorer,
            context,
            offset,
            single_piece,
            ids: vec![-1; scorer.layers.n_features],
            sums: Vec::new(),
            hidden: vec![0.0; scorer.layers.n_hidden],
            largest: vec![0; scorer.layers.n_hidden],
            scores: vec![0.0; scorer.n_actions],
        }
    }

    /// The scores of all actions.
    pub(crate) fn score(&mut self, state: &State) -> &[f32] {
        state.write_context(self.context, self.offset, &mut self.ids);
        let rectify = self.single_piece == SinglePiece::Rectified;
        self.scorer.hidden(&self.ids, rectify, &mut self.sums, &mut self.hidden, &mut self.largest);
        self.scorer.scores(&self.hidden, &mut self.scores);
        &self.scores
    }
}
