use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use ner_transitions::{Actions, Gold, LabelId, LogLoss, Objective};
use ner_vocab::StringId;

/// How transition systems are taught.
#[derive(Clone, Debug)]
pub struct Supervision {
    /// From the scores of a state and the costs of its actions to the loss and its gradient.
    pub objective: Arc<dyn Objective>,
    /// How often states follow the model's own action, as a share of all: 1 always, 0 the gold annotation throughout.
    pub exploration: f64,
    /// How much a state counts whose next token belongs to a gold entity of the label; 1 for labels that are not here,
    /// and for tokens outside.
    pub label_weights: Arc<IndexMap<String, f32>>,
}

impl Default for Supervision {
    /// What spaCy does.
    fn default() -> Supervision {
        Supervision { objective: Arc::new(LogLoss), exploration: 1.0, label_weights: Arc::default() }
    }
}

/// The weights of labels, by the numbers of a transition system.
pub(crate) struct StateWeights(HashMap<LabelId, f32>);

impl StateWeights {
    pub(crate) fn new(supervision: &Supervision, actions: &Actions) -> StateWeights {
        let given = supervision.label_weights.iter();
        StateWeights(given.map(|(label, &weight)| (actions.label_id(StringId::of(label)), weight)).collect())
    }

    /// How much a state counts whose next token is `token_index`; `None` if no more and no less than others.
    ///
    /// The weight is the gold label's, whatever the model has opened: so each gold entity has the same weight in every
    /// state on its tokens, and a label cannot escape its weight by being missed.
    pub(crate) fn of(&self, gold: &Gold, token_index: usize) -> Option<f32> {
        let (_, label) = gold.action(token_index)?.parts();
        self.0.get(&label).copied()
    }
}
