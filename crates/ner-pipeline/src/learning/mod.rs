//! One update: gradients of a batch, and the step of the optimiser that they lead to.

mod batch;
mod gradients;
mod learning_state;
mod random;
mod step;
mod supervision;

pub use batch::{Batch, Update};
pub use gradients::Gradients;
pub use learning_state::{Learning, Losses};
pub use random::Random;
pub(crate) use step::update_rows;
pub(crate) use supervision::StateWeights;
pub use supervision::Supervision;
