#![doc = include_str!("../README.md")]

mod api;
mod builtin;
mod device;
mod error;
mod stream;

pub use api::{NoReports, distill, evaluate, load, new_config, train, update};
pub use builtin::{Registrations, builtin};
pub use device::{DEVICES, built_in_devices, default_device, open_device};
pub use error::Error;
pub use stream::{Annotated, Content, Input, Stream, StreamOptions, stream};

pub use burn::tensor::Device;
pub use ner_config::{Document as Config, Overrides, Registry};
pub use ner_doc::{Doc, EntIob, Entity, Example};
pub use ner_evaluation::{Evaluation, Evaluator};
pub use ner_formats::docbin::DocBinWriter;
pub use ner_formats::record::OffsetUnit;
pub use ner_formats::{JsonlWriter, Place, ReadOptions, Reading, read_docs};
pub use ner_pipeline::{EntityScore, LoadOptions, Pipeline, PipelineFiles};
pub use ner_training::{
    Checkpoint, DistillOptions, EventSink, LabelChange, Output, SavedRun, TrainingEvent, TrainingReport,
    TrainingRun, UpdateOptions, UpdateReport,
};
pub use ner_vocab::{StringId, Vocab};
