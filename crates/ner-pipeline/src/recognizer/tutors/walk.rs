use ner_doc::Doc;
use ner_layers::to_vec;
use ner_model::{SharedGradient, SharedRows, StateGradient, StateScorer};
use ner_transitions::{
    Action, Actions, Advice, Constraints, INVALID, Objective, ScoreDistance, SoftTarget, State, ValidActions,
};

use super::adviser::Adviser;
use crate::learning::{Keep, Rehearsal, Update};
use crate::recognizer::EntityRecognizer;
use crate::recognizer::exploration::advance;
use crate::recognizer::learn::{offsets, pass_back, token_vectors};
use crate::recognizer::scored_states::{ScoredStates, TrainingScorer};

/// Adds to the gradients and the loss of `update`: every state follows the recogniser's own best action, and in each
/// visited state the tutors, given the same state, say what they would do. Returns the gradient of the `upstream` rows,
/// if the model is a listener.
pub(super) fn walk(
    recognizer: &mut EntityRecognizer,
    rehearsal: &Rehearsal<'_>,
    advisers: Vec<Adviser<'_>>,
    upstream: Option<&SharedRows>,
    update: &mut Update<'_>,
) -> Option<SharedGradient> {
    let docs = rehearsal.docs;
    let tokens = token_vectors(recognizer, docs, rehearsal.dropout, upstream, update.random);
    let scorer = recognizer.model.scorer(to_vec(tokens.vectors())).looking_back(docs);
    let constraints = docs.iter().map(|doc| Constraints::new(doc, &recognizer.actions)).collect();
    let walk = Walk { recognizer, scorer: &scorer, docs, constraints };
    let gradient = walk.run(rehearsal.keep, advisers, update);
    pass_back(recognizer, tokens, &scorer, gradient, update.gradients)
}

/// The way of a recogniser through documents, beside tutors that look on.
struct Walk<'a> {
    recognizer: &'a EntityRecognizer,
    scorer: &'a StateScorer,
    docs: &'a [&'a Doc],
    /// Of each document.
    constraints: Vec<Constraints>,
}

impl Walk<'_> {
    fn run(&self, keep: Keep, mut advisers: Vec<Adviser<'_>>, update: &mut Update<'_>) -> StateGradient {
        let EntityRecognizer { actions, unseen, settings, .. } = self.recognizer;
        let context = self.recognizer.context();
        let own =
            TrainingScorer { scorer: self.scorer, actions, context, hidden_dropout: settings.hidden_dropout };
        let offsets = offsets(self.docs);
        let starts = self.docs.iter().map(|doc| State::new(doc.len())).enumerate();
        let mut states: Vec<(usize, State)> = starts.filter(|(_, state)| !state.is_final()).collect();
        let mut guesses = ScoredStates::default();
        let mut gradient = StateGradient::new(self.scorer, self.docs.iter().map(|doc| doc.len()).sum());
        let mut costs = vec![INVALID; actions.len()];
        let mut d_scores = vec![0.0; actions.len()];
        let (mut loss, mut n_scores) = (0.0, 0);
        while !states.is_empty() {
            let located = states.iter().map(|(doc, state)| (offsets[*doc], state));
            for adviser in &mut advisers {
                adviser.look_at(located.clone(), &mut update.random.numpy);
            }
            guesses.score(own, located, &mut update.random.numpy, unseen);
            for (index, (doc, state)) in states.iter().enumerate() {
                mark_valid(actions, ValidActions::new(state, &self.constraints[*doc]), &mut costs);
                let scores = &guesses.scores[index * actions.len()..][..actions.len()];
                loss += match keep {
                    Keep::Scores => {
                        let tutor = advisers.first().map_or(&[][..], |adviser| adviser.own_scores(index));
                        n_scores += tutor.len();
                        let n_states = states.len();
                        ScoreDistance { tutor, n_states }.gradient(scores, &costs, &mut d_scores)
                    }
                    Keep::Probabilities { weight, temperature } => {
                        for adviser in &mut advisers {
                            adviser.consider(index, *doc, state, &costs);
                        }
                        let tutors: Vec<Advice<'_>> = advisers.iter().map(Adviser::advice).collect();
                        let out = actions.find(Action::Out);
                        let target = SoftTarget { tutors: &tutors, out, temperature, weight };
                        target.gradient(scores, &costs, &mut d_scores)
                    }
                };
                unseen.iter().for_each(|action| d_scores[action.index()] = 0.0);
                gradient.add(self.scorer, guesses.visited(self.scorer, index, &d_scores));
            }
            advance(&mut states, &guesses.scores, actions, |doc| &self.constraints[doc]);
        }
        // spaCy: the loss is that of one score, while an update's is the sum over all (transition_parser.pyx).
        *update.loss += if keep == Keep::Scores { loss / n_scores.max(1) as f32 } else { loss };
        gradient
    }
}

/// Writes a cost of 0 for each valid action.
fn mark_valid(actions: &Actions, valid: ValidActions, costs: &mut [u8]) {
    costs.fill(INVALID);
    valid.for_each_run(actions, |run| costs[run].fill(0));
}
