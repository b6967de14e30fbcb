use ner_optim::Optimizer;

use crate::Gradients;

/// What learning goes on with from batch to batch: gradients that add up, and the optimiser that takes them.
#[derive(Debug)]
pub struct Learning {
    /// Moves the weights.
    pub optimizer: Optimizer,
    /// What the batches since the last move found.
    pub gradients: Gradients,
}

impl Learning {
    /// The beginning, without a gradient.
    pub fn new(optimizer: Optimizer) -> Learning {
        Learning { optimizer, gradients: Gradients::default() }
    }
}
