#![doc = include_str!("../README.md")]

mod pipeline;

mod components;
mod recognizer;

mod learning;

mod assembly;
mod storage;

mod error;
mod registrations;

pub use assembly::load_options::LoadOptions;
pub use components::component::Component;
pub use components::skipped::SkippedComponent;
pub use components::tok2vec::Tok2VecComponent;
pub use error::PipelineError;
pub use learning::gradients::Gradients;
pub use learning::optimization::Optimization;
pub use learning::random::Random;
pub use learning::step::Losses;
pub use pipeline::Pipeline;
pub use recognizer::beam::EntityScore;
pub use recognizer::entity_recognizer::{EntityRecognizer, RecognizerSettings};
pub use registrations::{COPY_FROM_BASE_MODEL, register};
pub use storage::files::PipelineFiles;
pub use storage::meta::Meta;
