use ner_optim::Optimizer;

use crate::Gradients;

/// The optimiser of a training run, and the gradients that add up between two of its steps.
#[derive(Debug)]
pub struct Optimization {
    /// Moves the weights.
    pub optimizer: Box<dyn Optimizer>,
    /// The sums over the batches since its last step.
    pub gradients: Gradients,
}

impl Optimization {
    /// The beginning of a run, without a gradient.
    pub fn new(optimizer: Box<dyn Optimizer>) -> Optimization {
        Optimization { optimizer, gradients: Gradients::default() }
    }
}
