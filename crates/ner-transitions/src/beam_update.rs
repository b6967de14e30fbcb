use std::collections::BTreeMap;

use crate::beam::{Candidate, Front, Hypothesis, softmax};
use crate::history::{HistoryId, HistoryTree};
use crate::{ActionId, Actions, BeamSettings, DeadEnd, GoldDoc, INVALID, State};

/// Training with beams: for each document one beam follows the model and one, beside it, the gold annotation.
/// Where the model's best wrong parse is furthest ahead, parses are told apart by a global log loss.
///
/// The caller scores [`BeamUpdate::states`] and hands the scores to [`BeamUpdate::advance`] until there are
/// none; then [`BeamUpdate::gradient`] says how each score should have been.
#[derive(Debug)]
pub struct BeamUpdate<'a> {
    actions: &'a Actions,
    docs: Vec<DocBeams<'a>>,
    /// States scored in each step.
    n_states: Vec<usize>,
}

#[derive(Debug)]
struct DocBeams<'a> {
    doc: &'a GoldDoc,
    tree: HistoryTree,
    predicted: Front,
    gold: Front,
    violation: Option<Violation>,
}

/// The step at which the best parse was wrong and furthest ahead of the best gold one.
#[derive(Debug)]
struct Violation {
    lead: f32,
    /// Histories to make less probable (positive) or more (negative).
    weights: Vec<(HistoryId, f64)>,
}

/// The gradient of one step's scores. All entries but those named are zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepGradient {
    /// Rows: the states scored in the step, of all documents.
    pub n_states: usize,
    /// Row, action and the gradient of its score, sorted.
    pub entries: Vec<(usize, ActionId, f32)>,
}

/// What a beam update taught.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeamGradient {
    /// The mean squared gradient of each step, added up.
    pub loss: f32,
    /// One for each step that is learned from, the first steps of the parse.
    pub steps: Vec<StepGradient>,
}

impl<'a> BeamUpdate<'a> {
    /// Beams at the start of documents with gold annotation.
    pub fn new(actions: &'a Actions, docs: &'a [GoldDoc], settings: BeamSettings) -> BeamUpdate<'a> {
        let beams = |doc: &'a GoldDoc| DocBeams {
            doc,
            tree: HistoryTree::new(),
            predicted: Front::new(doc.constraints.len(), settings),
            gold: Front::new(doc.constraints.len(), BeamSettings { density: 0.0, ..settings }),
            violation: None,
        };
        let mut update = BeamUpdate { actions, docs: docs.iter().map(beams).collect(), n_states: Vec::new() };
        update.number_states();
        update
    }

    /// The states to score next, with the index of their document; none when all beams are done. They know
    /// their open entity but not the entities closed before.
    pub fn states(&self) -> impl Iterator<Item = (usize, &State)> {
        let docs = self.docs.iter().enumerate();
        docs.flat_map(|(index, beams)| {
            unfinished(&beams.predicted, &beams.gold).map(move |hypothesis| (index, &hypothesis.state))
        })
    }

    /// Goes on by one token in every document that is not done. `scores` has a row for each of
    /// [`BeamUpdate::states`] and in it a score for each action. Fails with a document's index where no
    /// action leads to its gold annotation.
    pub fn advance(&mut self, scores: &[f32]) -> Result<(), (usize, Box<DeadEnd>)> {
        for (index, beams) in self.docs.iter_mut().enumerate() {
            beams.advance(self.actions, scores).map_err(|dead_end| (index, dead_end))?;
        }
        self.number_states();
        Ok(())
    }

    /// The gradient of all scores handed in.
    pub fn gradient(&self) -> BeamGradient {
        let mut steps: Vec<BTreeMap<(usize, ActionId), f32>> = Vec::new();
        for beams in &self.docs {
            let Some(violation) = &beams.violation else { continue };
            for &(history, weight) in violation.weights.iter().filter(|(_, weight)| *weight != 0.0) {
                let n_steps = beams.tree.actions_backwards(history).count();
                steps.resize_with(steps.len().max(n_steps), BTreeMap::new);
                let places = beams.tree.actions_backwards(history);
                for (step, place) in steps[..n_steps].iter_mut().rev().zip(places) {
                    *step.entry(place).or_default() += weight as f32;
                }
            }
        }
        let n_actions = self.actions.len();
        let steps = steps.iter().zip(&self.n_states).map(|(entries, &n_states)| StepGradient {
            n_states,
            entries: entries.iter().map(|(&(row, action), &d_score)| (row, action, d_score)).collect(),
        });
        let steps: Vec<StepGradient> = steps.collect();
        let loss: f64 = steps.iter().map(|step| step.mean_square(n_actions)).sum();
        BeamGradient { loss: loss as f32, steps }
    }

    fn number_states(&mut self) {
        let mut n_states = 0;
        for DocBeams { tree, predicted, gold, .. } in &mut self.docs {
            for hypothesis in unfinished(predicted, gold) {
                tree.set_row(hypothesis.history, n_states);
                n_states += 1;
            }
        }
        self.n_states.push(n_states);
    }
}

/// The hypotheses of both beams that are to be scored, each history once.
fn unfinished<'a>(predicted: &'a Front, gold: &'a Front) -> impl Iterator<Item = &'a Hypothesis> {
    let both =
        predicted.hypotheses.iter().chain(gold.hypotheses.iter().filter(|gold| !predicted.has(gold.history)));
    both.filter(|hypothesis| !hypothesis.state.is_final())
}

impl DocBeams<'_> {
    fn advance(&mut self, actions: &Actions, scores: &[f32]) -> Result<(), Box<DeadEnd>> {
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
        front: &Front,
        actions: &Actions,
        scores: &[f32],
        is_allowed: impl Fn(u8) -> bool,
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut costs = vec![INVALID; actions.len()];
        for (parent, hypothesis) in (0..).zip(&front.hypotheses) {
            actions.costs(&hypothesis.state, &self.doc.constraints, &self.doc.gold, &mut costs);
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
        let mut taken: Vec<ActionId> = self.tree.actions_backwards(history).map(|(_, id)| id).collect();
        taken.reverse();
        DeadEnd { actions: taken, state: self.tree.replay(history, self.doc.constraints.len(), actions) }
    }

    /// Keeps the step if the best parse is wrong and further ahead than ever before. Of leads that only rounding tells
    /// apart, the first counts: parses that go on with the same actions stay equally far apart.
    ///
    /// spaCy: rounding decides (search.pyx).
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

    /// Wrong parses and gold ones share the probability; it belongs to the gold ones alone.
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

impl StepGradient {
    fn mean_square(&self, n_actions: usize) -> f64 {
        let squares: f64 = self.entries.iter().map(|&(_, _, d_score)| f64::from(d_score).powi(2)).sum();
        squares / (self.n_states * n_actions) as f64
    }
}
