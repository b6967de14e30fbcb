//! One update: gradients of a batch, and the step of the optimiser that they lead to. Rehearsal, which keeps what was
//! learned before, and distillation, which takes over what others have learned.

mod batch;
mod gradients;
mod label_smoothing;
mod learning_state;
mod random;
mod rehearsal;
mod sharing;
mod step;
mod supervision;
mod teacher;
mod tutor;

pub use batch::{Batch, Update};
pub use gradients::Gradients;
pub(crate) use label_smoothing::label_smoothing;
pub use learning_state::{Learning, Losses};
pub use random::Random;
pub use rehearsal::{Keep, Rehearsal};
pub(crate) use step::update_rows;
pub(crate) use supervision::StateWeights;
pub use supervision::Supervision;
pub use teacher::Teacher;
pub use tutor::Tutor;
pub(crate) use tutor::copy_weights;
