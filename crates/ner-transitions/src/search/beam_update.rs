use std::collections::BTreeMap;

use super::BeamSettings;
use super::doc_beams::DocBeams;
use super::history::HistoryId;
use crate::{ActionId, Actions, DeadEnd, GoldDoc, State};

/// Training with beams: for each document one beam follows the model and another the gold annotation. Each document is
/// learned from up to one step, that at which a wrong parse was furthest ahead of the best gold one.
///
/// This is the max-violation update of Huang, Fayong and Guo, "Structured Perceptron with Inexact Search" (NAACL 2012), with
/// a log loss over all parses of the step in place of a perceptron's update.
///
/// The caller scores [`BeamUpdate::states`] and hands the scores to [`BeamUpdate::advance`] until there are none; then
/// [`BeamUpdate::gradient`] has the gradient of every score.
#[derive(Debug)]
pub struct BeamUpdate<'a> {
    actions: &'a Actions,
    docs: Vec<DocBeams<'a>>,
    /// States scored in each step.
    n_states: Vec<usize>,
}

/// The gradient of one step's scores. All entries but those named are zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepGradient {
    /// Rows: the states scored in the step, of all documents.
    pub n_states: usize,
    /// Row, action and the gradient of its score, sorted.
    pub entries: Vec<(usize, ActionId, f32)>,
}

/// The gradient and the loss of a beam update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeamGradient {
    /// The mean squared gradient of each step, added up.
    pub loss: f32,
    /// One for each step that has a gradient: the first steps of the parses.
    pub steps: Vec<StepGradient>,
}

impl<'a> BeamUpdate<'a> {
    /// Beams at the start of documents with gold annotation.
    pub fn new(actions: &'a Actions, docs: &'a [GoldDoc], settings: BeamSettings) -> BeamUpdate<'a> {
        let docs = docs.iter().map(|doc| DocBeams::new(doc, settings)).collect();
        let mut update = BeamUpdate { actions, docs, n_states: Vec::new() };
        update.number_states();
        update
    }

    /// The states to score next, with the index of their document; none when all beams are done. They know
    /// their open entity but not the entities closed before.
    pub fn states(&self) -> impl Iterator<Item = (usize, &State)> {
        let docs = self.docs.iter().enumerate();
        docs.flat_map(|(index, beams)| beams.unfinished().map(move |hypothesis| (index, &hypothesis.state)))
    }

    /// Extends the parses of every document that is not done by one token. `scores` has a row for each of
    /// [`BeamUpdate::states`] and in it a score for each action. Fails with the index of a document whose gold annotation
    /// cannot be reached any more.
    pub fn advance(&mut self, scores: &[f32]) -> Result<(), (usize, Box<DeadEnd>)> {
        for (index, beams) in self.docs.iter_mut().enumerate() {
            beams.advance(self.actions, scores).map_err(|dead_end| (index, dead_end))?;
        }
        self.number_states();
        Ok(())
    }

    /// The gradient of all scores that were handed in.
    pub fn gradient(&self) -> BeamGradient {
        // A parse's score is the sum of its actions' scores, each of which so gets the gradient of the parse. Maps sorted by
        // row and action keep the sums in the same order every time.
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
        // spaCy: a mean over the scores of a step (_beam_utils.pyx), where a greedy update sums them up.
        let loss: f64 = steps.iter().map(|step| step.mean_square(n_actions)).sum();
        BeamGradient { loss: loss as f32, steps }
    }

    fn number_states(&mut self) {
        let mut n_states = 0;
        for beams in &mut self.docs {
            let histories: Vec<HistoryId> = beams.unfinished().map(|hypothesis| hypothesis.history).collect();
            for history in histories {
                beams.tree.set_row(history, n_states);
                n_states += 1;
            }
        }
        self.n_states.push(n_states);
    }
}

impl StepGradient {
    fn mean_square(&self, n_actions: usize) -> f64 {
        let squares: f64 = self.entries.iter().map(|&(_, _, d_score)| f64::from(d_score).powi(2)).sum();
        squares / (self.n_states * n_actions) as f64
    }
}
