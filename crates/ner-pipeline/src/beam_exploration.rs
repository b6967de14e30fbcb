use std::collections::BTreeSet;

use ner_doc::Example;
use ner_model::{StateGradient, StateScorer, VisitedState};
use ner_random::NumpyRandom;
use ner_transitions::{
    ActionId, Actions, BeamSettings, BeamUpdate, ContextFeatures, DeadEnd, GoldDoc, StepGradient,
    TransitionError,
};

/// What a recogniser does to learn from a batch with beam search: whole action sequences are followed side by side, and
/// where the best of them is wrong and furthest ahead, wrong sequences are told from right ones.
pub(crate) struct BeamExploration<'a> {
    pub(crate) actions: &'a Actions,
    pub(crate) context: ContextFeatures,
    pub(crate) beam: BeamSettings,
    pub(crate) scorer: &'a StateScorer,
    pub(crate) examples: &'a [&'a Example],
    /// Row of the first token of each of the batch's documents.
    pub(crate) offsets: &'a [usize],
    /// Dropout of the state's vector, if there is an upper layer.
    pub(crate) hidden_dropout: f64,
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
        let mut steps = Vec::new();
        loop {
            let step = self.score(&update, docs, random);
            if step.scores.is_empty() {
                break;
            }
            update.advance(&step.scores).map_err(|(doc, dead_end)| self.why(&docs[doc], &dead_end))?;
            steps.push(step);
        }
        let found = update.gradient();
        *loss += found.loss;
        let mut gradient = StateGradient::new(self.scorer, n_tokens);
        for (step, of_step) in steps.iter().zip(&found.steps) {
            self.learn(step, of_step, &mut gradient);
        }
        Ok(gradient)
    }

    fn score(&self, update: &BeamUpdate<'_>, docs: &[GoldDoc], random: &mut NumpyRandom) -> Step {
        let scorer = self.scorer;
        let n_states = update.states().count();
        let mut step = Step {
            ids: vec![-1; n_states * scorer.n_features],
            hidden: vec![0.0; n_states * scorer.n_hidden],
            largest: vec![0; n_states * scorer.n_hidden],
            mask: vec![1.0; if scorer.has_upper() { n_states * scorer.n_hidden } else { 0 }],
            scores: vec![0.0; n_states * scorer.n_actions],
        };
        random.dropout_mask(self.hidden_dropout, &mut step.mask);
        let mut sums = Vec::new();
        for (index, (doc, state)) in update.states().enumerate() {
            let ids = &mut step.ids[index * scorer.n_features..][..scorer.n_features];
            let hidden = &mut step.hidden[index * scorer.n_hidden..][..scorer.n_hidden];
            let largest = &mut step.largest[index * scorer.n_hidden..][..scorer.n_hidden];
            state.write_context(self.context, self.offsets[docs[doc].example_index], ids);
            scorer.hidden(ids, true, &mut sums, hidden, largest);
            let mask = step.mask.iter().skip(index * scorer.n_hidden);
            hidden.iter_mut().zip(mask).for_each(|(value, mask)| *value *= mask);
            scorer.scores(hidden, &mut step.scores[index * scorer.n_actions..][..scorer.n_actions]);
        }
        self.lower_unseen(&mut step.scores);
        step
    }

    /// An unseen action never scores higher than any other.
    fn lower_unseen(&self, scores: &mut [f32]) {
        let lowest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        for row in scores.chunks_exact_mut(self.scorer.n_actions) {
            self.unseen.iter().for_each(|action| row[action.index()] = lowest);
        }
    }

    fn learn(&self, step: &Step, found: &StepGradient, gradient: &mut StateGradient) {
        let scorer = self.scorer;
        for entries in found.entries.chunk_by(|(row, ..), (next, ..)| row == next) {
            let row = entries[0].0;
            let mut d_scores = vec![0.0; scorer.n_actions];
            for (_, action, d_score) in entries.iter().filter(|(_, action, _)| !self.unseen.contains(action))
            {
                d_scores[action.index()] = *d_score;
            }
            let hidden = row * scorer.n_hidden..(row + 1) * scorer.n_hidden;
            gradient.add(
                scorer,
                VisitedState {
                    ids: &step.ids[row * scorer.n_features..][..scorer.n_features],
                    hidden: &step.hidden[hidden.clone()],
                    largest: &step.largest[hidden.clone()],
                    mask: step.mask.get(hidden).unwrap_or_default(),
                    d_scores: &d_scores,
                },
            );
        }
    }

    fn why(&self, doc: &GoldDoc, dead_end: &DeadEnd) -> TransitionError {
        let example_index = doc.example_index;
        let error =
            match self.actions.why(dead_end, self.examples[example_index], &doc.constraints, &doc.gold) {
                Ok(cause) => TransitionError::from(Box::new(cause)),
                Err(error) => error.into(),
            };
        TransitionError::InExample { example_index, error: Box::new(error) }
    }
}

/// Everything about the states that are scored together, one row a state.
struct Step {
    ids: Vec<i32>,
    hidden: Vec<f32>,
    largest: Vec<u8>,
    mask: Vec<f32>,
    scores: Vec<f32>,
}
