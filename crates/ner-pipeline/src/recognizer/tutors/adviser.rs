use std::collections::BTreeSet;

use ner_cpython::NumpyRandom;
use ner_transitions::{ActionId, Advice, INVALID, State};

use super::beam_shares::BeamShares;
use super::images::Images;
use crate::recognizer::scored_states::{ScoredStates, TrainingScorer};

/// A tutor at the side of a recogniser that goes through documents: says of each of its states what it would do.
pub(super) struct Adviser<'a> {
    says: Says<'a>,
    images: Images,
    /// What it says of the state, by the recogniser's actions.
    scores: Vec<f32>,
}

enum Says<'a> {
    /// What its network says of the state itself.
    Network { with: TrainingScorer<'a>, unseen: &'a BTreeSet<ActionId>, scored: ScoredStates },
    /// What its beam did, in each document.
    Beam(Vec<BeamShares>),
}

impl<'a> Adviser<'a> {
    /// One whose network scores the states.
    pub(super) fn network(
        with: TrainingScorer<'a>,
        unseen: &'a BTreeSet<ActionId>,
        images: Images,
    ) -> Adviser<'a> {
        Adviser::new(Says::Network { with, unseen, scored: ScoredStates::default() }, images)
    }

    /// One whose beam has been through the documents.
    pub(super) fn beam(docs: Vec<BeamShares>, images: Images) -> Adviser<'a> {
        Adviser::new(Says::Beam(docs), images)
    }

    fn new(says: Says<'a>, images: Images) -> Adviser<'a> {
        Adviser { says, scores: vec![f32::NEG_INFINITY; images.is_unknown.len()], images }
    }

    /// Looks at the states of a step, each with the row of its document's first token.
    pub(super) fn look_at<'s>(
        &mut self,
        states: impl ExactSizeIterator<Item = (usize, &'s State)>,
        random: &mut NumpyRandom,
    ) {
        if let Says::Network { with, unseen, scored } = &mut self.says {
            scored.score(*with, states, random, unseen);
        }
    }

    /// The scores that its network gives its own actions in the state `index` of the step; none without a network.
    pub(super) fn own_scores(&self, index: usize) -> &[f32] {
        match &self.says {
            Says::Network { with, scored, .. } => {
                &scored.scores[index * with.scorer.n_actions..][..with.scorer.n_actions]
            }
            Says::Beam(_) => &[],
        }
    }

    /// Forms its opinion of the state `index` of the step, which is one of document `doc`, from the `costs` of the
    /// recogniser's actions.
    pub(super) fn consider(&mut self, index: usize, doc: usize, state: &State, costs: &[u8]) {
        let mut scores = std::mem::take(&mut self.scores);
        scores.fill(f32::NEG_INFINITY);
        match &self.says {
            Says::Beam(docs) => docs[doc].write(state, &mut scores),
            Says::Network { .. } => {
                for (action, &score) in (0..).map(ActionId).zip(self.own_scores(index)) {
                    let image = self.images.of(action);
                    if let Some(image) = image.filter(|image| costs[image.valid_with.index()] != INVALID) {
                        let sum = &mut scores[image.action.index()];
                        *sum = log_sum(*sum, score);
                    }
                }
            }
        }
        self.scores = scores;
    }

    /// Its opinion of the state.
    pub(super) fn advice(&self) -> Advice<'_> {
        Advice { scores: &self.scores, is_unknown: &self.images.is_unknown }
    }
}

/// The logarithm of the sum of what both are logarithms of.
fn log_sum(one: f32, other: f32) -> f32 {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    // Exactly the other where one is minus infinity: most actions are the image of a single one.
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}
