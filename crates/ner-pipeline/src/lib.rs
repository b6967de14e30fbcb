#![doc = include_str!("../README.md")]

mod out_bias;
mod pipeline;

mod components;
mod recognizer;
mod scorers;

mod learning;
mod pretraining;

mod callbacks;

mod assembly;
mod storage;

mod creation;

mod error;
mod registrations;

pub use assembly::LoadOptions;
pub use callbacks::{BeforeUpdate, Callback, PipelineCallback, UpdateCallback};
pub use components::{
    Component, ComponentRecipe, Initialization, SkippedComponent, Tok2VecComponent, TransformerComponent,
    TutorOf, UpstreamVectors, padded_passes,
};
pub use error::PipelineError;
pub use learning::{
    Batch, Gradients, Keep, Learning, Losses, Random, Rehearsal, Supervision, Teacher, Tutor, Update,
};
pub use ner_model::Precision;
pub use pipeline::Pipeline;
pub use pretraining::{PretrainedLayer, Pretraining};
pub use recognizer::{EntityRecognizer, EntityScore, Knowledge, RecognizerSettings};
pub use registrations::{COPY_FROM_BASE_MODEL, RULE_TOKENIZER, register};
pub use storage::{FileSink, Meta, PipelineFiles};
