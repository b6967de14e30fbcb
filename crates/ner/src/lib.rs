#![doc = include_str!("../README.md")]

mod api;
mod builtin;
mod device;
mod error;
mod stream;

pub use api::{NoReports, evaluate, load, new_config, train};
pub use builtin::{Registrations, builtin};
pub use device::{DEVICES, built_in_devices, default_device, open_device};
pub use error::Error;
pub use stream::{Annotated, Content, Input, Stream, StreamOptions, stream};

pub use burn::tensor::Device;
pub use ner_config::{Document as Config, Registry};
pub use ner_doc::{Doc, Entity, Example};
pub use ner_evaluation::Evaluation;
pub use ner_formats::Place;
pub use ner_pipeline::{LoadOptions, Pipeline, PipelineFiles};
pub use ner_training::{EventSink, TrainingEvent, TrainingReport};
