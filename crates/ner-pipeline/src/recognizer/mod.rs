//! The entity recogniser: states are scored and searched, greedily or by beam, and learned from.

pub(crate) mod beam;
mod beam_exploration;
pub(crate) mod entity_recognizer;
mod exploration;
mod greedy;
mod scored_states;
mod state_scratch;
