//! What a run does with its config and its pipeline before the first step.

mod checks;
mod labels;
mod parts;
mod supervise;
mod warnings;

pub(super) use checks::check_settings;
pub use labels::labels;
pub(super) use parts::Parts;
pub(super) use supervise::supervise;
pub(super) use warnings::warn;
