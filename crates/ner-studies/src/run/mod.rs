//! One run of a study: what it is, how it is made, and what is recorded of it.

mod execute;
mod outcome;
mod predictions;
mod record;
mod score;
mod spec;

pub(crate) use execute::execute;
pub(crate) use outcome::add;
pub use outcome::{RunOutcome, RunScores};
pub(crate) use predictions::join_predictions;
pub(crate) use record::RunFolder;
pub(crate) use spec::{Run, add_part, take_part, with_seed};
