use super::frontier::{BeamSettings, Candidate, Frontier, Hypothesis, softmax};
use super::history::{HistoryId, HistoryTree};
use crate::{ActionId, Actions, DeadEnd, GoldDoc, INVALID};

/// The two beams of one training document, and the step to learn from.
#[derive(Debug)]
pub(crate) struct DocBeams<'a> {
    doc: &'a GoldDoc,
    /// The histories of both beams: an action sequence in both is one node, and is scored once.
    pub(crate) tree: HistoryTree,
    /// The best parses of the model.
    predicted: Frontier,
    /// The best parses without cost.
    gold: Frontier,
    pub(crate) violation: Option<Violation>,
}

/// The step at which the best parse was wrong and furthest ahead of the best gold one.
#[derive(Debug)]
pub(crate) struct Violation {
    lead: f32,
    /// Histories to make less probable (positive) or more (negative).
    pub(crate) weights: Vec<(HistoryId, f64)>,
}

impl<'a> DocBeams<'a> {
    pub(crate) fn new(doc: &'a GoldDoc, settings: BeamSettings) -> DocBeams<'a> {
        let n_tokens = doc.constraints.len();
        DocBeams {
            doc,
            tree: HistoryTree::new(),
            predicted: Frontier::new(n_tokens, settings),
            // A gold parse stays however unlikely it is: without one there would be nothing to learn towards.
            gold: Frontier::new(n_tokens, BeamSettings { density: 0.0, ..settings }),
            violation: None,
        }
    }

    /// The hypotheses of both beams that are to be scored, each history once.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = &Hypothesis> {
        let gold_alone = self.gold.hypotheses.iter().filter(|gold| !self.predicted.has(gold.history));
        let both = self.predicted.hypotheses.iter().chain(gold_alone);
        both.filter(|hypothesis| !hypothesis.state.is_final())
    }

    /// Extends all parses by one token. `scores` has a row for each state of all documents.
    pub(crate) fn advance(&mut self, actions: &Actions, scores: &[f32]) -> Result<(), Box<DeadEnd>> {
        if self.predicted.is_done() && self.gold.is_done() {
            return Ok(());
        }
        let predicted = self.candidates(&self.predicted, actions, scores, |cost| cost != INVALID);
        let gold = self.candidates(&self.gold, actions, scores, |cost| cost == 0);
        if gold.is_empty() {
            return Err(Box::new(self.dead_end(actions)));
        }
        self.tree.begin_step();
        self.predicted.advance(&mut self.tree, actions, predicted);
        self.gold.advance(&mut self.tree, actions, gold);
        self.note_violation();
        Ok(())
    }

    fn candidates(
        &self,
        frontier: &Frontier,
        actions: &Actions,
        scores: &[f32],
        is_allowed: impl Fn(u8) -> bool,
    ) -> Vec<Candidate> {
        let oracle = self.doc.oracle(actions);
        let mut candidates = Vec::new();
        let mut costs = vec![INVALID; actions.len()];
        for (parent, hypothesis) in (0..).zip(&frontier.hypotheses) {
            oracle.costs(&hypothesis.state, &mut costs);
            let row = &scores[self.tree.row(hypothesis.history) * actions.len()..];
            let allowed =
                (0..).map(ActionId).zip(costs.iter().zip(row)).filter(|(_, (cost, _))| is_allowed(**cost));
            candidates.extend(allowed.map(|(action, (&cost, &score))| Candidate {
                score: hypothesis.score + score,
                parent,
                action,
                cost,
            }));
        }
        candidates
    }

    fn dead_end(&self, actions: &Actions) -> DeadEnd {
        let history = self.gold.hypotheses[0].history;
        let taken = self.tree.actions(history);
        DeadEnd { actions: taken, state: self.tree.replay(history, self.doc.constraints.len(), actions) }
    }

    /// Keeps the step if the best parse is wrong and further ahead than ever before.
    ///
    /// Leads that differ only by rounding are equal, and the first counts: from where two parses take the same actions,
    /// their scores grow by the same numbers, and the difference moves in its last bits. Each score is a sum, whose
    /// error is a few units in the last place of its size. In spaCy rounding decides (search.pyx).
    fn note_violation(&mut self) {
        let (best, best_gold) = (&self.predicted.hypotheses[0], &self.gold.hypotheses[0]);
        let lead = best.score - best_gold.score;
        let rounding = 4.0 * f32::EPSILON * (best.score.abs() + best_gold.score.abs());
        let is_worst = self.violation.as_ref().is_none_or(|worst| lead > worst.lead + rounding);
        if best.cost > 0 && is_worst {
            let weights = self.weights(f64::from(best.cost));
            self.violation = Some(Violation { lead, weights });
        }
    }

    /// The gradient by the score of each parse, times the cost of the best. The loss is global, over whole parses: minus
    /// the logarithm of the probability of all gold parses among those of both beams. So a gold parse gets its share of
    /// all, less its share of the gold ones.
    fn weights(&self, cost: f64) -> Vec<(HistoryId, f64)> {
        let predicted = self.predicted.hypotheses.iter();
        let (wrong, right): (Vec<_>, Vec<_>) = predicted.partition(|hypothesis| hypothesis.cost > 0);
        // A parse can be without cost and yet have left the gold beam.
        let other_right = right.into_iter().filter(|hypothesis| !self.gold.has(hypothesis.history));
        let gold: Vec<&Hypothesis> = other_right.chain(&self.gold.hypotheses).collect();
        let score = |hypothesis: &&Hypothesis| f64::from(hypothesis.score);
        let shares = softmax(wrong.iter().chain(&gold).map(score));
        let gold_shares = softmax(gold.iter().map(score));
        let targets = std::iter::repeat_n(0.0, wrong.len()).chain(gold_shares);
        let weighted = wrong.iter().chain(&gold).zip(shares.iter().zip(targets));
        weighted.map(|(hypothesis, (share, target))| (hypothesis.history, (share - target) * cost)).collect()
    }
}
