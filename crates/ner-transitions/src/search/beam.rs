use indexmap::IndexMap;

use super::BeamSettings;
use super::frontier::{Candidate, Frontier};
use super::history::{HistoryId, HistoryTree};
use crate::{ActionId, Actions, Constraints, State, StateEntity, ValidActions};

/// Beam search over one document, for prediction. The caller scores [`Beam::states`] and hands the scores to
/// [`Beam::advance`] until the beam [is done](Beam::is_done).
#[derive(Clone, Debug)]
pub struct Beam {
    n_tokens: usize,
    tree: HistoryTree,
    frontier: Frontier,
}

/// A parse that a beam found.
#[derive(Clone, Debug, PartialEq)]
pub struct Parse {
    /// Its share of the probability of all parses that the beam ended with.
    pub probability: f64,
    /// The final state, with the entities.
    pub state: State,
}

impl Beam {
    /// A beam at the start of a document of `n_tokens`.
    pub fn new(n_tokens: usize, settings: BeamSettings) -> Beam {
        Beam { n_tokens, tree: HistoryTree::new(), frontier: Frontier::new(n_tokens, settings) }
    }

    /// Whether the document is parsed.
    pub fn is_done(&self) -> bool {
        self.frontier.is_done()
    }

    /// The states to score next, the best first; none when the beam is done. They know their open entity, but
    /// not the entities closed before, unless the settings keep these.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.frontier.hypotheses.iter().map(|hypothesis| &hypothesis.state).filter(|state| !state.is_final())
    }

    /// Extends the parses by one token. `scores` has a row for each of [`Beam::states`] and in it a score for each
    /// action. If no state has a valid action, the beam is done, and the rest of the document left alone.
    pub fn advance(&mut self, actions: &Actions, constraints: &Constraints, scores: &[f32]) {
        let mut candidates = Vec::with_capacity(scores.len());
        // At least 1: a recogniser without labels has rows of no scores, and then no candidates.
        for (parent, (hypothesis, row)) in
            (0..).zip(self.frontier.hypotheses.iter().zip(scores.chunks_exact(actions.len().max(1))))
        {
            let valid = ValidActions::new(&hypothesis.state, constraints);
            valid.for_each_run(actions, |run| {
                candidates.extend(run.map(|number| Candidate {
                    score: hypothesis.score + row[number],
                    parent,
                    action: ActionId(number as u32),
                    cost: 0,
                }));
            });
        }
        self.tree.begin_step();
        self.frontier.advance(&mut self.tree, actions, candidates);
    }

    /// The final state of the best parse.
    pub fn best(&self, actions: &Actions) -> State {
        let history = self.frontier.hypotheses.first().map_or(HistoryId::ROOT, |best| best.history);
        self.final_state(history, actions)
    }

    /// All parses of a beam that is done, the best first.
    pub fn parses(&self, actions: &Actions) -> Vec<Parse> {
        let with_probability = self.frontier.hypotheses.iter().zip(self.frontier.probabilities());
        with_probability
            .map(|(hypothesis, probability)| Parse {
                probability,
                state: self.final_state(hypothesis.history, actions),
            })
            .collect()
    }

    /// The actions of each parse of a beam that is done, after its probability; the best first.
    pub fn action_sequences(&self) -> Vec<(f64, Vec<ActionId>)> {
        let with_probability = self.frontier.hypotheses.iter().zip(self.frontier.probabilities());
        with_probability
            .map(|(hypothesis, probability)| (probability, self.tree.actions(hypothesis.history)))
            .collect()
    }

    /// For each entity that some parse has, blocked tokens among them, the probability of all parses that
    /// have it.
    pub fn entity_scores(&self, actions: &Actions) -> Vec<(StateEntity, f64)> {
        // In the order in which the parses, the best first, have them, so that the result does not depend on hashes.
        let mut scores: IndexMap<StateEntity, f64> = IndexMap::new();
        for parse in self.parses(actions) {
            for &entity in parse.state.entities() {
                *scores.entry(entity).or_default() += parse.probability;
            }
        }
        scores.into_iter().collect()
    }

    fn final_state(&self, history: HistoryId, actions: &Actions) -> State {
        let mut state = self.tree.replay(history, self.n_tokens, actions);
        // Where no action was valid the history ends early.
        state.force_final();
        state
    }
}
