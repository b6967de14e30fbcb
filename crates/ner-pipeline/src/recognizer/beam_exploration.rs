use std::collections::BTreeSet;

use ner_cpython::NumpyRandom;
use ner_doc::Example;
use ner_model::StateGradient;
use ner_transitions::{
    ActionId, Actions, BeamSettings, BeamUpdate, DeadEnd, GoldDoc, StepGradient, TransitionError, diagnose,
};

use super::scored_states::{ScoredStates, TrainingScorer};

/// What a recogniser does to learn from a batch with beam search: whole action sequences are followed side by side, and
/// where the best of them is wrong and furthest ahead, wrong sequences are told from right ones.
pub(crate) struct BeamExploration<'a> {
    pub(crate) actions: &'a Actions,
    pub(crate) beam: BeamSettings,
    pub(crate) with: TrainingScorer<'a>,
    pub(crate) examples: &'a [&'a Example],
    /// Row of the first token of each of the batch's documents.
    pub(crate) offsets: &'a [usize],
    /// Actions that were added to a trained model and have not been gold yet.
    pub(crate) unseen: &'a BTreeSet<ActionId>,
}

impl BeamExploration<'_> {
    /// Follows all documents to their ends, and sums up gradient and loss.
    pub(crate) fn run(
        &self,
        docs: &[GoldDoc],
        random: &mut NumpyRandom,
        n_tokens: usize,
        loss: &mut f32,
    ) -> Result<StateGradient, TransitionError> {
        let mut update = BeamUpdate::new(self.actions, docs, self.beam);
        // Steps are kept to the end: only then is it known up to which of them each document learns.
        let mut steps = Vec::new();
        loop {
            let offset = |doc: usize| self.offsets[docs[doc].example_index];
            let states: Vec<_> = update.states().map(|(doc, state)| (offset(doc), state)).collect();
            if states.is_empty() {
                break;
            }
            let mut step = ScoredStates::default();
            step.score(self.with, states.into_iter(), random, self.unseen);
            update.advance(&step.scores).map_err(|(doc, dead_end)| self.why(&docs[doc], &dead_end))?;
            steps.push(step);
        }
        let found = update.gradient();
        *loss += found.loss;
        let mut gradient = StateGradient::new(self.with.scorer, n_tokens);
        for (step, of_step) in steps.iter().zip(&found.steps) {
            self.learn(step, of_step, &mut gradient);
        }
        Ok(gradient)
    }

    fn learn(&self, step: &ScoredStates, found: &StepGradient, gradient: &mut StateGradient) {
        let scorer = self.with.scorer;
        // Entries of one state stand side by side. spaCy: unseen actions get no gradient (parser_model.pyx).
        for entries in found.entries.chunk_by(|(row, ..), (next, ..)| row == next) {
            let mut d_scores = vec![0.0; scorer.n_actions];
            for (_, action, d_score) in entries.iter().filter(|(_, action, _)| !self.unseen.contains(action))
            {
                d_scores[action.index()] = *d_score;
            }
            gradient.add(scorer, step.visited(scorer, entries[0].0, &d_scores));
        }
    }

    fn why(&self, doc: &GoldDoc, dead_end: &DeadEnd) -> TransitionError {
        let example_index = doc.example_index;
        let error = diagnose(doc.oracle(self.actions), dead_end, self.examples[example_index]);
        TransitionError::InExample { example_index, error: Box::new(error) }
    }
}
