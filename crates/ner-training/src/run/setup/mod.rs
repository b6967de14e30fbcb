//! What a run does with its config and its pipeline before the first step.

mod check_config;
mod checks;
mod label_data;
mod labels;
mod memory;
mod memory_of_config;
mod parts;
mod read_corpora;
mod run_length;
mod supervise;
mod tuned_recognizer;
mod warnings;

pub use check_config::check_config;
pub(super) use checks::check_settings;
pub use label_data::label_data;
pub use labels::labels;
pub use memory::MemoryPlan;
pub use memory_of_config::memory_plan;
pub(super) use parts::Parts;
pub use read_corpora::read_corpora;
pub use run_length::planned_steps;
pub(super) use run_length::{is_last_epoch, n_steps};
pub(super) use supervise::{exploration, supervise};
pub(super) use tuned_recognizer::tuned_recognizer;
pub(super) use warnings::warn;
