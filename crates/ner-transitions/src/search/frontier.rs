use super::history::{HistoryId, HistoryTree};
use crate::{ActionId, Actions, State};

/// The width of a beam and the share below which it prunes.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct BeamSettings {
    /// Hypotheses kept after each step, at least 1.
    pub width: usize,
    /// Candidates with less than this share of the best one's probability are dropped; 0 drops none.
    pub density: f32,
    /// Whether states keep the entities that they have closed, which the network may ask for.
    pub keeps_entities: bool,
}

/// One way to parse the document so far.
#[derive(Clone, Debug)]
pub(crate) struct Hypothesis {
    pub(crate) history: HistoryId,
    /// Mostly without the entities closed so far: the history gives them back, and a state is copied for each candidate kept.
    pub(crate) state: State,
    pub(crate) score: f32,
    /// Sum of the costs of its actions; 0 in prediction, where they are unknown.
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
pub(crate) struct Frontier {
    pub(crate) hypotheses: Vec<Hypothesis>,
    settings: BeamSettings,
}

impl Frontier {
    pub(crate) fn new(n_tokens: usize, settings: BeamSettings) -> Frontier {
        let start = Hypothesis { history: HistoryId::ROOT, state: State::new(n_tokens), score: 0.0, cost: 0 };
        Frontier { hypotheses: vec![start], settings }
    }

    /// Whether the document is parsed. As every action consumes one token, all hypotheses get there with the same step.
    pub(crate) fn is_done(&self) -> bool {
        self.hypotheses.iter().all(|hypothesis| hypothesis.state.is_final())
    }

    pub(crate) fn has(&self, history: HistoryId) -> bool {
        self.hypotheses.iter().any(|hypothesis| hypothesis.history == history)
    }

    /// Replaces the hypotheses by the best candidates. Without any, the hypotheses stay and their parses end here.
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
            // Without this, each step would copy all entities of the document for each hypothesis.
            if !self.settings.keeps_entities {
                state.forget_entities();
            }
            Hypothesis {
                history: tree.extend(parent.history, candidate.action),
                state,
                score: candidate.score,
                cost: parent.cost + u32::from(candidate.cost),
            }
        });
        self.hypotheses = extended.collect();
    }

    /// Drops all candidates but the best, and sorts these. Selection before sorting: there are as many candidates as
    /// hypotheses times actions, and no more than the width are kept.
    ///
    /// spaCy: of equal scores the later hypothesis and the higher action number come first, unlike in greedy parsing
    /// (thinc/extra/search.pyx).
    fn prune(&self, candidates: &mut Vec<Candidate>) {
        if self.settings.density > 0.0 {
            let best = candidates.iter().map(|candidate| candidate.score).fold(f32::NEG_INFINITY, f32::max);
            // A share of the best probability is a distance from the best score. Compared in `f64`, as spaCy does, so that the
            // same candidates stay.
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
    pub(crate) fn probabilities(&self) -> Vec<f64> {
        softmax(self.hypotheses.iter().map(|hypothesis| f64::from(hypothesis.score)))
    }
}

/// Shares that add up to 1, in proportion to the exponentials of the scores.
pub(crate) fn softmax(scores: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    // Taken off before `exp`, which would overflow: a score is a sum over the document.
    let highest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
    let mut shares: Vec<f64> = scores.map(|score| (score - highest).exp()).collect();
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelFrequencies;

    /// The numbers of the actions that one step keeps, the best first.
    fn kept(settings: BeamSettings, scores: &[f32]) -> Vec<u32> {
        let actions =
            Actions::new(&LabelFrequencies::from_counts([("A".to_owned(), 1), ("B".to_owned(), 1)]));
        let mut tree = HistoryTree::new();
        let mut frontier = Frontier::new(9, settings);
        let candidate = |(number, &score)| Candidate { score, parent: 0, action: ActionId(number), cost: 0 };
        tree.begin_step();
        frontier.advance(&mut tree, &actions, (0..).zip(scores).map(candidate).collect());
        let histories = frontier.hypotheses.iter().map(|hypothesis| hypothesis.history);
        histories.flat_map(|history| tree.actions_backwards(history).map(|(_, id)| id.0)).collect()
    }

    #[test]
    fn the_best_candidates_stay_and_of_equals_the_higher_number_comes_first() {
        assert_eq!(
            kept(BeamSettings { width: 3, density: 0.0, keeps_entities: false }, &[1.0, 3.0, 1.0, 2.0]),
            [1, 3, 2]
        );
        assert_eq!(
            kept(BeamSettings { width: 9, density: 0.0, keeps_entities: false }, &[1.0, 3.0, 1.0, 2.0]),
            [1, 3, 2, 0]
        );
        assert_eq!(kept(BeamSettings { width: 0, density: 0.0, keeps_entities: false }, &[1.0, 3.0]), [1]);
    }

    #[test]
    fn candidates_below_the_density_go() {
        let half = BeamSettings { width: 9, density: 0.5, keeps_entities: false };
        assert_eq!(kept(half, &[0.0, -0.69, -0.70, -5.0]), [0, 1]);
    }

    #[test]
    fn parses_end_where_no_candidate_is_left() {
        let actions = Actions::without_labels();
        let mut frontier = Frontier::new(3, BeamSettings { width: 2, density: 0.0, keeps_entities: false });
        frontier.advance(&mut HistoryTree::new(), &actions, Vec::new());
        assert!(frontier.is_done() && frontier.hypotheses.len() == 1);
    }

    #[test]
    fn shares_of_high_scores_do_not_overflow() {
        assert_eq!(softmax([1000.0, 1000.0].into_iter()), [0.5, 0.5]);
    }
}
