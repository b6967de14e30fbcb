use std::collections::HashSet;

use indexmap::IndexMap;
use ner_optim::Optimizer;

use crate::{Gradients, Random};

/// Losses by component, summed over batches.
pub type Losses = IndexMap<String, f64>;

/// The state of learning from one update to the next.
#[derive(Debug)]
pub struct Learning {
    /// Moves the weights.
    pub optimizer: Box<dyn Optimizer>,
    /// The gradients of the batches since the last step.
    pub gradients: Gradients,
    /// The generators that updates draw from.
    pub random: Random,
    /// The losses of all components that learned since they were last taken.
    pub losses: Losses,
    /// The names of components that do not learn.
    pub frozen: HashSet<String>,
    /// The names of components whose predictions later ones learn from: `training.annotating_components`.
    pub annotating: HashSet<String>,
}

impl Learning {
    /// The state before the first update, in which all components learn.
    pub fn new(optimizer: Box<dyn Optimizer>, random: Random) -> Learning {
        Learning {
            optimizer,
            gradients: Gradients::default(),
            random,
            losses: Losses::new(),
            frozen: HashSet::new(),
            annotating: HashSet::new(),
        }
    }
}
