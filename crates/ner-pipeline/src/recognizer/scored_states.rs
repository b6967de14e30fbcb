use std::collections::BTreeSet;

use ner_cpython::NumpyRandom;
use ner_model::{StateScorer, VisitedState};
use ner_transitions::{ActionId, Actions, ContextFeatures, State};

use super::state_scratch::show;

/// How states are scored to be learned from.
#[derive(Clone, Copy)]
pub(crate) struct TrainingScorer<'a> {
    pub(crate) scorer: &'a StateScorer,
    pub(crate) actions: &'a Actions,
    pub(crate) context: ContextFeatures,
    /// Dropout of the state's vector, if there is an upper layer.
    pub(crate) hidden_dropout: f64,
}

/// States that are scored together, one row a state, and what is needed to learn from them.
#[derive(Default)]
pub(crate) struct ScoredStates {
    ids: Vec<i32>,
    hidden: Vec<f32>,
    largest: Vec<u8>,
    mask: Vec<f32>,
    sums: Vec<f32>,
    pub(crate) scores: Vec<f32>,
}

impl ScoredStates {
    /// Scores states, each with the row of its document's first token, in place of those before. An `unseen` action
    /// never scores higher than any other.
    pub(crate) fn score<'a>(
        &mut self,
        with: TrainingScorer<'_>,
        states: impl ExactSizeIterator<Item = (usize, &'a State)>,
        random: &mut NumpyRandom,
        unseen: &BTreeSet<ActionId>,
    ) {
        let scorer = with.scorer;
        // An exploration uses these buffers step after step. Its states only become fewer, so all is allocated in the
        // first.
        let n_ids = scorer.layers.n_ids();
        self.ids.resize(states.len() * n_ids, -1);
        self.hidden.resize(states.len() * scorer.layers.n_hidden, 0.0);
        self.largest.resize(states.len() * scorer.layers.n_hidden, 0);
        self.scores.resize(states.len() * scorer.n_actions, 0.0);
        // Without an upper layer the mask is empty, and no random number is drawn for it.
        self.mask.resize(if scorer.has_upper() { self.hidden.len() } else { 0 }, 1.0);
        random.dropout_mask(with.hidden_dropout, &mut self.mask);
        for (index, (offset, state)) in states.enumerate() {
            let ids = &mut self.ids[index * n_ids..][..n_ids];
            let hidden = &mut self.hidden[index * scorer.layers.n_hidden..][..scorer.layers.n_hidden];
            let largest = &mut self.largest[index * scorer.layers.n_hidden..][..scorer.layers.n_hidden];
            show(scorer, with.actions, with.context, offset as i32, state, ids);
            scorer.hidden(ids, true, &mut self.sums, hidden, largest);
            let mask = self.mask.iter().skip(index * scorer.layers.n_hidden);
            hidden.iter_mut().zip(mask).for_each(|(value, mask)| *value *= mask);
            scorer.scores(hidden, &mut self.scores[index * scorer.n_actions..][..scorer.n_actions]);
        }
        self.lower_unseen(scorer.n_actions, unseen);
    }

    fn lower_unseen(&mut self, n_actions: usize, unseen: &BTreeSet<ActionId>) {
        if unseen.is_empty() {
            return;
        }
        // spaCy: the lowest score of all states of the step, not of each one (parser_model.pyx).
        let lowest = self.scores.iter().copied().fold(f32::INFINITY, f32::min);
        for row in self.scores.chunks_exact_mut(n_actions) {
            unseen.iter().for_each(|action| row[action.index()] = lowest);
        }
    }

    /// One of the states, with the gradient of its scores.
    pub(crate) fn visited<'a>(
        &'a self,
        scorer: &StateScorer,
        index: usize,
        d_scores: &'a [f32],
    ) -> VisitedState<'a> {
        let hidden = index * scorer.layers.n_hidden..(index + 1) * scorer.layers.n_hidden;
        VisitedState {
            ids: &self.ids[index * scorer.layers.n_ids()..][..scorer.layers.n_ids()],
            hidden: &self.hidden[hidden.clone()],
            largest: &self.largest[hidden.clone()],
            mask: self.mask.get(hidden).unwrap_or_default(),
            d_scores,
        }
    }
}
