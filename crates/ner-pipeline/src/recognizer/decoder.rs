use std::collections::BTreeSet;
use std::fmt::Debug;

use ner_cpython::NumpyRandom;
use ner_doc::{Doc, Example};
use ner_model::{StateGradient, StateScorer};
use ner_transitions::{ActionId, Actions, ContextFeatures, Starts, TransitionError};
use ner_vocab::StringId;

use super::scored_states::TrainingScorer;
use crate::learning::Supervision;

/// The way from the scores of states to entities: which states of a document are visited, in prediction and in
/// training.
pub(super) trait Decoder: Debug {
    /// Writes the entities of a document, which holds at least one token. Returns those that were weighed against each
    /// other; none if the decoder follows a single sequence of actions.
    fn decode(&self, states: &DocStates<'_>, doc: &mut Doc) -> Vec<EntityScore>;

    /// Visits the states of a batch from the given starts on, and sums up their gradient and loss.
    fn learn(&self, search: Search<'_>, starts: Starts) -> Result<StateGradient, TransitionError>;
}

/// How sure a beam is of an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntityScore {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The label; empty for a token that is blocked.
    pub label: StringId,
    /// Probability of all action sequences in the beam that have this entity.
    pub score: f64,
}

/// How the states of one document are scored in prediction.
#[derive(Clone, Copy)]
pub(super) struct DocStates<'a> {
    pub(super) actions: &'a Actions,
    pub(super) context: ContextFeatures,
    pub(super) scorer: &'a StateScorer,
    /// Row of the document's first token in the batch that the scorer was made for.
    pub(super) offset: i32,
}

/// How the states of a batch are scored in training, and how wrong they are.
pub(super) struct Search<'a> {
    pub(super) actions: &'a Actions,
    pub(super) with: TrainingScorer<'a>,
    pub(super) examples: &'a [&'a Example],
    /// Row of the first token of each of the batch's documents.
    pub(super) offsets: &'a [usize],
    /// Tokens of the batch.
    pub(super) n_tokens: usize,
    /// How the states are taught; a beam has a way of its own.
    pub(super) supervision: &'a Supervision,
    /// Actions that were added to a trained model and have not been gold yet.
    pub(super) unseen: &'a mut BTreeSet<ActionId>,
    /// Draws the dropout of the states' vectors.
    pub(super) random: &'a mut NumpyRandom,
    /// The running sum of the component's loss.
    pub(super) loss: &'a mut f32,
}
