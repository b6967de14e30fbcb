//! A trained pipeline learns from a few documents, and keeps what it has learned before.

mod change;
mod go_on;
mod held_back;
mod options;

pub use change::{LabelChange, UpdateReport};
pub use go_on::update;
pub use options::UpdateOptions;
