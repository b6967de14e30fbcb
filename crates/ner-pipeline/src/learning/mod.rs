//! One update: gradients of a batch, and the step of the optimiser that they lead to.

mod batch;
mod gradients;
mod learning_state;
mod random;
mod step;

pub use batch::{Batch, Update};
pub use gradients::Gradients;
pub use learning_state::{Learning, Losses};
pub use random::Random;
