//! How a recogniser learns to do as it did before.

use ner_layers::{Init, to_vec};
use ner_model::{SharedGradient, SharedRows, StateGradient, StateScorer};
use ner_transitions::{
    Action, Actions, Constraints, INVALID, Objective, ScoreDistance, SoftTarget, State, ValidActions,
};

use super::EntityRecognizer;
use super::exploration::advance;
use super::learn::{offsets, pass_back, token_vectors};
use super::scored_states::{ScoredStates, TrainingScorer};
use crate::components::TutorOf;
use crate::learning::{Keep, Rehearsal, Update, copy_weights};

/// A recogniser that has the same weights, and no measure.
pub(super) fn copy(recognizer: &mut EntityRecognizer, init: &mut Init<'_>) -> EntityRecognizer {
    let mut model = recognizer.make_model(&recognizer.actions, init);
    copy_weights(recognizer.model.parameters_mut(), model.parameters_mut());
    EntityRecognizer {
        settings: recognizer.settings.clone(),
        architecture: recognizer.architecture.clone(),
        actions: recognizer.actions.clone(),
        model,
        upstream_width: recognizer.upstream_width,
        unseen: recognizer.unseen.clone(),
        supervision: recognizer.supervision.clone(),
        scorer: None,
    }
}

/// Adds to the gradients and the loss of `update`: every state follows the recogniser's own best action, and in each
/// visited state the tutor, given the same state, says what it would do. Returns the gradient of the `upstream` rows,
/// if the model is a listener.
pub(super) fn rehearse(
    recognizer: &mut EntityRecognizer,
    rehearsal: &Rehearsal<'_>,
    tutor: &TutorOf<'_>,
    upstream: Option<&SharedRows>,
    update: &mut Update<'_>,
) -> Option<SharedGradient> {
    let theirs = tutor.component.downcast_ref::<EntityRecognizer>()?;
    let docs = rehearsal.docs;
    let their_scorer = theirs.scorer(docs, tutor.upstream);
    let tokens = token_vectors(recognizer, docs, rehearsal.dropout, upstream, update.random);
    let scorer = recognizer.model.scorer(to_vec(tokens.vectors()));
    let constraints = docs.iter().map(|doc| Constraints::new(doc, &recognizer.actions)).collect();
    let walk = Walk { recognizer, scorer: &scorer, theirs, their_scorer: &their_scorer, constraints };
    let gradient = walk.run(rehearsal, docs.iter().map(|doc| doc.len()).sum(), update);
    Some(pass_back(recognizer, tokens, &scorer, gradient, update.gradients)).flatten()
}

/// The way of a recogniser through documents, beside a tutor that looks on.
struct Walk<'a> {
    recognizer: &'a EntityRecognizer,
    scorer: &'a StateScorer,
    theirs: &'a EntityRecognizer,
    their_scorer: &'a StateScorer,
    /// Of each document.
    constraints: Vec<Constraints>,
}

impl Walk<'_> {
    fn run(&self, rehearsal: &Rehearsal<'_>, n_tokens: usize, update: &mut Update<'_>) -> StateGradient {
        let EntityRecognizer { actions, unseen, settings, .. } = self.recognizer;
        let context = self.recognizer.context();
        let own = TrainingScorer { scorer: self.scorer, context, hidden_dropout: settings.hidden_dropout };
        // spaCy: the state's vector is dropped in the tutor as well (parser_model.pyx). A distribution of which chance has
        // taken parts away is no target.
        let hidden_dropout = if rehearsal.keep == Keep::Scores { settings.hidden_dropout } else { 0.0 };
        let tutor =
            TrainingScorer { scorer: self.their_scorer, context: self.theirs.context(), hidden_dropout };
        let offsets = offsets(rehearsal.docs);
        let starts = rehearsal.docs.iter().map(|doc| State::new(doc.len())).enumerate();
        let mut states: Vec<(usize, State)> = starts.filter(|(_, state)| !state.is_final()).collect();
        let (mut guesses, mut targets) = (ScoredStates::default(), ScoredStates::default());
        let mut gradient = StateGradient::new(self.scorer, n_tokens);
        let mut costs = vec![INVALID; actions.len()];
        let mut d_scores = vec![0.0; actions.len()];
        let (mut loss, mut n_scores) = (0.0, 0);
        while !states.is_empty() {
            let located = states.iter().map(|(doc, state)| (offsets[*doc], state));
            targets.score(tutor, located.clone(), &mut update.random.numpy, &self.theirs.unseen);
            guesses.score(own, located, &mut update.random.numpy, unseen);
            for (index, (doc, state)) in states.iter().enumerate() {
                mark_valid(actions, ValidActions::new(state, &self.constraints[*doc]), &mut costs);
                let scores = &guesses.scores[index * actions.len()..][..actions.len()];
                let n_known = self.their_scorer.n_actions;
                let target = &targets.scores[index * n_known..][..n_known];
                let objective = self.objective(rehearsal.keep, target, states.len());
                loss += objective.gradient(scores, &costs, &mut d_scores);
                unseen.iter().for_each(|action| d_scores[action.index()] = 0.0);
                gradient.add(self.scorer, guesses.visited(self.scorer, index, &d_scores));
            }
            n_scores += states.len() * self.their_scorer.n_actions;
            advance(&mut states, &guesses.scores, actions, |doc| &self.constraints[doc]);
        }
        // spaCy: the loss is that of one score, while an update's is the sum over all (transition_parser.pyx).
        *update.loss += if rehearsal.keep == Keep::Scores { loss / n_scores.max(1) as f32 } else { loss };
        gradient
    }

    /// What is to be learned in a state to whose actions the tutor gives the scores `tutor`.
    fn objective<'s>(&self, keep: Keep, tutor: &'s [f32], n_states: usize) -> Box<dyn Objective + 's> {
        match keep {
            Keep::Scores => Box::new(ScoreDistance { tutor, n_states }),
            Keep::Probabilities { weight, temperature } => {
                let out = self.recognizer.actions.find(Action::Out);
                Box::new(SoftTarget { tutor, out, temperature, weight })
            }
        }
    }
}

/// Writes a cost of 0 for each valid action.
fn mark_valid(actions: &Actions, valid: ValidActions, costs: &mut [u8]) {
    costs.fill(INVALID);
    valid.for_each_run(actions, |run| costs[run].fill(0));
}
