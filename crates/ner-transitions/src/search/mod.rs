//! Beam search: several sequences of actions are followed side by side, to predict and to learn.

mod beam;
mod beam_update;
mod doc_beams;
mod frontier;
mod history;

pub use beam::{Beam, Parse};
pub use beam_update::{BeamGradient, BeamUpdate, StepGradient};
pub use frontier::BeamSettings;
