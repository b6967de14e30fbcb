//! One update: gradients of a batch, and the step of the optimiser that they lead to.

pub(crate) mod gradients;
pub(crate) mod optimization;
pub(crate) mod random;
pub(crate) mod step;
