use std::collections::BTreeSet;

use ner_model::{StateGradient, StateScorer, VisitedState};
use ner_random::NumpyRandom;
use ner_transitions::{
    ActionId, Actions, ContextFeatures, GoldDoc, INVALID, Starts, State, ValidActions, log_loss_gradient,
};

/// What a recogniser does to learn from a batch: every state follows the model's own best action, and each visited
/// state is told by the oracle which actions would have been right.
pub(crate) struct Exploration<'a> {
    pub(crate) actions: &'a Actions,
    pub(crate) context: ContextFeatures,
    pub(crate) scorer: &'a StateScorer,
    /// Row of the first token of each of the batch's documents.
    pub(crate) offsets: &'a [usize],
    /// Dropout of the state's vector, if there is an upper layer.
    pub(crate) hidden_dropout: f64,
    /// Actions that were added to a trained model and have not been gold yet.
    pub(crate) unseen: &'a mut BTreeSet<ActionId>,
}

impl Exploration<'_> {
    /// Follows all states to their ends, or for `max_steps` and one more, and sums up gradient and loss.
    pub(crate) fn run(
        &mut self,
        starts: Starts,
        max_steps: Option<usize>,
        random: &mut NumpyRandom,
        n_tokens: usize,
        loss: &mut f32,
    ) -> StateGradient {
        let mut gradient = StateGradient::new(self.scorer, n_tokens);
        let mut states: Vec<(usize, State)> =
            starts.states.into_iter().map(|start| (start.doc, start.state)).collect();
        let unseen = self.unseen.clone();
        let mut step = Step::default();
        let mut n_steps = 0;
        while !states.is_empty() {
            step.score(self, &states, &starts.docs, random, &unseen);
            *loss += step.learn(self, &states, &starts.docs, &unseen, &mut gradient);
            step.advance(self, &mut states, &starts.docs);
            if max_steps.is_some_and(|max_steps| n_steps >= max_steps) {
                break;
            }
            n_steps += 1;
        }
        gradient
    }
}

/// Everything about one step of all states, one row a state.
#[derive(Default)]
struct Step {
    ids: Vec<i32>,
    hidden: Vec<f32>,
    largest: Vec<u8>,
    mask: Vec<f32>,
    scores: Vec<f32>,
    sums: Vec<f32>,
    costs: Vec<u8>,
    d_scores: Vec<f32>,
}

impl Step {
    fn score(
        &mut self,
        exploration: &Exploration<'_>,
        states: &[(usize, State)],
        docs: &[GoldDoc],
        random: &mut NumpyRandom,
        unseen: &BTreeSet<ActionId>,
    ) {
        let scorer = exploration.scorer;
        self.ids.resize(states.len() * scorer.n_features, -1);
        self.hidden.resize(states.len() * scorer.n_hidden, 0.0);
        self.largest.resize(states.len() * scorer.n_hidden, 0);
        self.scores.resize(states.len() * scorer.n_actions, 0.0);
        self.mask.resize(if scorer.has_upper() { self.hidden.len() } else { 0 }, 1.0);
        random.dropout_mask(exploration.hidden_dropout, &mut self.mask);
        for (index, (doc, state)) in states.iter().enumerate() {
            let ids = &mut self.ids[index * scorer.n_features..][..scorer.n_features];
            let hidden = &mut self.hidden[index * scorer.n_hidden..][..scorer.n_hidden];
            let largest = &mut self.largest[index * scorer.n_hidden..][..scorer.n_hidden];
            let offset = exploration.offsets[docs[*doc].example_index];
            state.write_context(exploration.context, offset, ids);
            scorer.hidden(ids, true, &mut self.sums, hidden, largest);
            let mask = self.mask.iter().skip(index * scorer.n_hidden);
            hidden.iter_mut().zip(mask).for_each(|(value, mask)| *value *= mask);
            scorer.scores(hidden, &mut self.scores[index * scorer.n_actions..][..scorer.n_actions]);
        }
        self.lower_unseen(scorer.n_actions, unseen);
    }

    /// An unseen action never scores higher than any other.
    fn lower_unseen(&mut self, n_actions: usize, unseen: &BTreeSet<ActionId>) {
        if unseen.is_empty() {
            return;
        }
        let lowest = self.scores.iter().copied().fold(f32::INFINITY, f32::min);
        for row in self.scores.chunks_exact_mut(n_actions) {
            unseen.iter().for_each(|action| row[action.index()] = lowest);
        }
    }

    /// Adds to the gradient; returns the loss.
    fn learn(
        &mut self,
        exploration: &mut Exploration<'_>,
        states: &[(usize, State)],
        docs: &[GoldDoc],
        unseen: &BTreeSet<ActionId>,
        gradient: &mut StateGradient,
    ) -> f32 {
        let scorer = exploration.scorer;
        self.costs.resize(scorer.n_actions, INVALID);
        self.d_scores.resize(scorer.n_actions, 0.0);
        let mut loss = 0.0;
        for (index, (doc, state)) in states.iter().enumerate() {
            let GoldDoc { constraints, gold, .. } = &docs[*doc];
            exploration.actions.costs(state, constraints, gold, &mut self.costs);
            exploration.unseen.retain(|action| self.costs[action.index()] > 0);
            let scores = &self.scores[index * scorer.n_actions..][..scorer.n_actions];
            loss += log_loss_gradient(scores, &self.costs, &mut self.d_scores);
            unseen.iter().for_each(|action| self.d_scores[action.index()] = 0.0);
            let hidden = index * scorer.n_hidden..(index + 1) * scorer.n_hidden;
            gradient.add(
                scorer,
                VisitedState {
                    ids: &self.ids[index * scorer.n_features..][..scorer.n_features],
                    hidden: &self.hidden[hidden.clone()],
                    largest: &self.largest[hidden.clone()],
                    mask: self.mask.get(hidden).unwrap_or_default(),
                    d_scores: &self.d_scores,
                },
            );
        }
        loss
    }

    /// Takes the best valid action in each state and drops the states that are final.
    fn advance(&self, exploration: &Exploration<'_>, states: &mut Vec<(usize, State)>, docs: &[GoldDoc]) {
        let rows = self.scores.chunks_exact(exploration.scorer.n_actions);
        for ((doc, state), scores) in states.iter_mut().zip(rows) {
            let valid = ValidActions::new(state, &docs[*doc].constraints);
            match exploration.actions.best_valid(valid, scores) {
                Some(best) => state.apply(exploration.actions.action(best)),
                None => state.force_final(),
            }
        }
        states.retain(|(_, state)| !state.is_final());
    }
}
