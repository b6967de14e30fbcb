use std::collections::BTreeSet;

use ner_cpython::NumpyRandom;
use ner_model::StateGradient;
use ner_transitions::{ActionId, Actions, Constraints, GoldDoc, INVALID, Starts, State, ValidActions};

use super::scored_states::{ScoredStates, TrainingScorer};
use crate::learning::{StateWeights, Supervision};

/// What a recogniser does to learn from a batch: every state follows the model's own best action, unless the gold is to
/// be followed by all or some, and each visited state is told by the oracle which actions would have been right.
pub(crate) struct Exploration<'a> {
    pub(crate) actions: &'a Actions,
    pub(crate) with: TrainingScorer<'a>,
    pub(crate) supervision: &'a Supervision,
    pub(crate) weights: StateWeights,
    /// Row of the first token of each of the batch's documents.
    pub(crate) offsets: &'a [usize],
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
        let mut gradient = StateGradient::new(self.with.scorer, n_tokens);
        let mut states: Vec<(usize, State)> =
            starts.states.into_iter().map(|start| (start.doc, start.state)).collect();
        // spaCy: all steps of an update see the same unseen actions, though one that turns out to be gold is taken off
        // the list at once (transition_parser.pyx).
        let unseen = self.unseen.clone();
        let mut step = Step::default();
        let mut n_steps = 0;
        while !states.is_empty() {
            let offset = |doc: usize| self.offsets[starts.docs[doc].example_index];
            let located = states.iter().map(|(doc, state)| (offset(*doc), state));
            step.states.score(self.with, located, random, &unseen);
            *loss += step.learn(self, &states, &starts.docs, &unseen, &mut gradient);
            step.leave_gold_actions(self.supervision.exploration, random);
            advance(&mut states, &step.states.scores, self.actions, |doc| &starts.docs[doc].constraints);
            // spaCy: tested after the step and before it is counted, hence one step more than the limit
            // (transition_parser.pyx).
            if max_steps.is_some_and(|max_steps| n_steps >= max_steps) {
                break;
            }
            n_steps += 1;
        }
        gradient
    }
}

/// One step of all states.
#[derive(Default)]
struct Step {
    states: ScoredStates,
    costs: Vec<u8>,
    d_scores: Vec<f32>,
    /// The actions without cost, a row for each state, if some states are to follow them.
    gold: Vec<bool>,
}

impl Step {
    /// Adds to the gradient; returns the loss.
    fn learn(
        &mut self,
        exploration: &mut Exploration<'_>,
        states: &[(usize, State)],
        docs: &[GoldDoc],
        unseen: &BTreeSet<ActionId>,
        gradient: &mut StateGradient,
    ) -> f32 {
        let scorer = exploration.with.scorer;
        self.costs.resize(scorer.n_actions, INVALID);
        self.d_scores.resize(scorer.n_actions, 0.0);
        self.gold.clear();
        let mut loss = 0.0;
        for (index, (doc, state)) in states.iter().enumerate() {
            docs[*doc].oracle(exploration.actions).costs(state, &mut self.costs);
            // An action without cost is gold in this state; the next update learns its scores.
            exploration.unseen.retain(|action| self.costs[action.index()] > 0);
            let scores = &self.states.scores[index * scorer.n_actions..][..scorer.n_actions];
            let supervision = exploration.supervision;
            let mut loss_of_state = supervision.objective.gradient(scores, &self.costs, &mut self.d_scores);
            if let Some(weight) = exploration.weights.of(&docs[*doc].gold, state.next_token()) {
                loss_of_state *= weight;
                self.d_scores.iter_mut().for_each(|d_score| *d_score *= weight);
            }
            loss += loss_of_state;
            if supervision.exploration < 1.0 {
                self.gold.extend(self.costs.iter().map(|cost| *cost == 0));
            }
            unseen.iter().for_each(|action| self.d_scores[action.index()] = 0.0);
            gradient.add(scorer, self.states.visited(scorer, index, &self.d_scores));
        }
        loss
    }

    /// Leaves no score to the actions that cost something in those states that do not follow the model's own action, which
    /// a share of them does.
    fn leave_gold_actions(&mut self, exploration: f64, random: &mut NumpyRandom) {
        if self.gold.is_empty() {
            return;
        }
        let n_actions = self.costs.len();
        let rows = self.states.scores.chunks_exact_mut(n_actions).zip(self.gold.chunks_exact(n_actions));
        for (scores, gold) in rows {
            // Nothing is drawn where nothing depends on it.
            if exploration <= 0.0 || random.random() >= exploration {
                leave_gold_actions(scores, gold);
            }
        }
    }
}

/// Takes the best valid action in each state and drops the states that are final. `scores` has a row for each state.
pub(super) fn advance<'a>(
    states: &mut Vec<(usize, State)>,
    scores: &[f32],
    actions: &Actions,
    constraints: impl Fn(usize) -> &'a Constraints,
) {
    let rows = scores.chunks_exact(scores.len() / states.len());
    for ((doc, state), scores) in states.iter_mut().zip(rows) {
        match ValidActions::new(state, constraints(*doc)).best(actions, scores) {
            Some(best) => state.apply(actions.action(best)),
            // spaCy: a state without a valid action ends, rather than fail or never end (transition_parser.pyx).
            None => state.force_final(),
        }
    }
    states.retain(|(_, state)| !state.is_final());
}

/// Leaves no score to the actions that cost something, if one costs nothing. Of several that cost nothing, as where
/// annotation is missing, the model still chooses.
fn leave_gold_actions(scores: &mut [f32], gold: &[bool]) {
    if gold.contains(&true) {
        let others = scores.iter_mut().zip(gold).filter(|(_, is_gold)| !**is_gold);
        others.for_each(|(score, _)| *score = f32::NEG_INFINITY);
    }
}
