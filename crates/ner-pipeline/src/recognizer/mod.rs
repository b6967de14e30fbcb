//! The entity recogniser: a transition system that a network guides, in prediction and in training.

mod entity_recognizer;
mod factories;
mod files;
mod learn;
mod out_bias;
mod settings;

mod beam;
mod decoder;
mod greedy;
mod pieces;

mod beam_exploration;
mod exploration;
mod tutors;

mod scored_states;
mod state_scratch;

pub use decoder::EntityScore;
pub use entity_recognizer::EntityRecognizer;
pub(crate) use factories::{beam_ner, ner};
pub(crate) use pieces::TOKENS_PER_PIECE;
pub use settings::RecognizerSettings;
pub use tutors::Knowledge;
pub(crate) use tutors::{TeacherOf, distill, study};
