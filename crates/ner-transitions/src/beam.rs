use indexmap::IndexMap;

use crate::history::{HistoryId, HistoryTree};
use crate::{ActionId, Actions, Constraints, State, StateEntity, ValidActions};

/// How wide a beam is and what it prunes.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct BeamSettings {
    /// Hypotheses kept after each step, at least 1.
    pub width: usize,
    /// Candidates with less than this share of the best one's probability are dropped; 0 drops none.
    pub density: f32,
}

/// One way to parse the document so far.
#[derive(Clone, Debug)]
pub(crate) struct Hypothesis {
    pub(crate) history: HistoryId,
    /// Without the entities closed so far: the history has them.
    pub(crate) state: State,
    pub(crate) score: f32,
    /// Sum of the costs of its actions; 0 when no gold annotation is at hand.
    pub(crate) cost: u32,
}

/// A hypothesis with one more action.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) score: f32,
    pub(crate) parent: u32,
    pub(crate) action: ActionId,
    pub(crate) cost: u8,
}

/// The hypotheses kept after a step, the best first.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    pub(crate) hypotheses: Vec<Hypothesis>,
    settings: BeamSettings,
}

impl Front {
    pub(crate) fn new(n_tokens: usize, settings: BeamSettings) -> Front {
        let start = Hypothesis { history: HistoryId::ROOT, state: State::new(n_tokens), score: 0.0, cost: 0 };
        Front { hypotheses: vec![start], settings }
    }

    /// Whether the document is parsed; all hypotheses get there with the same step.
    pub(crate) fn is_done(&self) -> bool {
        self.hypotheses.iter().all(|hypothesis| hypothesis.state.is_final())
    }

    pub(crate) fn has(&self, history: HistoryId) -> bool {
        self.hypotheses.iter().any(|hypothesis| hypothesis.history == history)
    }

    /// Replaces the hypotheses by the best candidates. Without any, all of them are final.
    pub(crate) fn advance(
        &mut self,
        tree: &mut HistoryTree,
        actions: &Actions,
        mut candidates: Vec<Candidate>,
    ) {
        if candidates.is_empty() {
            self.hypotheses.iter_mut().for_each(|hypothesis| hypothesis.state.force_final());
            return;
        }
        self.prune(&mut candidates);
        let extended = candidates.iter().map(|candidate| {
            let parent = &self.hypotheses[candidate.parent as usize];
            let mut state = parent.state.clone();
            state.apply(actions.action(candidate.action));
            state.forget_entities();
            Hypothesis {
                history: tree.extend(parent.history, candidate.action),
                state,
                score: candidate.score,
                cost: parent.cost + u32::from(candidate.cost),
            }
        });
        self.hypotheses = extended.collect();
    }

    /// spaCy: of equal scores the later hypothesis and the higher action number come first, unlike greedy
    /// parsing.
    fn prune(&self, candidates: &mut Vec<Candidate>) {
        if self.settings.density > 0.0 {
            let best = candidates.iter().map(|candidate| candidate.score).fold(f32::NEG_INFINITY, f32::max);
            let lowest = f64::from(best) + f64::from(self.settings.density).ln();
            candidates.retain(|candidate| f64::from(candidate.score) >= lowest);
        }
        let rank = |candidate: &Candidate| (candidate.parent, candidate.action);
        let order = |a: &Candidate, b: &Candidate| b.score.total_cmp(&a.score).then(rank(b).cmp(&rank(a)));
        let width = self.settings.width.max(1);
        if candidates.len() > width {
            candidates.select_nth_unstable_by(width - 1, order);
            candidates.truncate(width);
        }
        candidates.sort_unstable_by(order);
    }

    /// Softmax of the scores.
    fn probabilities(&self) -> Vec<f64> {
        softmax(self.hypotheses.iter().map(|hypothesis| f64::from(hypothesis.score)))
    }
}

pub(crate) fn softmax(scores: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let highest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
    let mut shares: Vec<f64> = scores.map(|score| (score - highest).exp()).collect();
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

/// Beam search over one document. The caller scores [`Beam::states`] and hands the scores to
/// [`Beam::advance`] until the beam [is done](Beam::is_done).
#[derive(Clone, Debug)]
pub struct Beam {
    n_tokens: usize,
    tree: HistoryTree,
    front: Front,
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
        Beam { n_tokens, tree: HistoryTree::new(), front: Front::new(n_tokens, settings) }
    }

    /// Whether the document is parsed.
    pub fn is_done(&self) -> bool {
        self.front.is_done()
    }

    /// The states to score next, the best first; none when the beam is done. They know their open entity but
    /// not the entities closed before.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.front.hypotheses.iter().map(|hypothesis| &hypothesis.state).filter(|state| !state.is_final())
    }

    /// Goes on by one token. `scores` has a row for each of [`Beam::states`] and in it a score for each
    /// action. If no state has a valid action, the beam is done, and the rest of the document left alone.
    pub fn advance(&mut self, actions: &Actions, constraints: &Constraints, scores: &[f32]) {
        let mut candidates = Vec::with_capacity(scores.len());
        for (parent, (hypothesis, row)) in
            (0..).zip(self.front.hypotheses.iter().zip(scores.chunks_exact(actions.len().max(1))))
        {
            let valid = ValidActions::new(&hypothesis.state, constraints);
            actions.for_each_valid_run(valid, |run| {
                candidates.extend(run.map(|number| Candidate {
                    score: hypothesis.score + row[number],
                    parent,
                    action: ActionId(number as u32),
                    cost: 0,
                }));
            });
        }
        self.tree.begin_step();
        self.front.advance(&mut self.tree, actions, candidates);
    }

    /// The final state of the best parse.
    pub fn best(&self, actions: &Actions) -> State {
        let history = self.front.hypotheses.first().map_or(HistoryId::ROOT, |best| best.history);
        self.final_state(history, actions)
    }

    /// All parses of a beam that is done, the best first.
    pub fn parses(&self, actions: &Actions) -> Vec<Parse> {
        let with_probability = self.front.hypotheses.iter().zip(self.front.probabilities());
        with_probability
            .map(|(hypothesis, probability)| Parse {
                probability,
                state: self.final_state(hypothesis.history, actions),
            })
            .collect()
    }

    /// For each entity that some parse has, blocked tokens among them, the probability of all parses that
    /// have it.
    pub fn entity_scores(&self, actions: &Actions) -> Vec<(StateEntity, f64)> {
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
        state.force_final();
        state
    }
}
