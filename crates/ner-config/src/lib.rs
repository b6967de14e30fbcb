#![doc = include_str!("../README.md")]

mod document;
mod error;
mod fill;
mod hints;
mod path;
mod problems;
mod registry;
mod value;

pub use document::{Document, Overrides, ResolvedConfig};
pub use error::ConfigError;
pub use fill::{
    DistillationConfig, Encoder, InitOptions, InitializeConfig, NlpConfig, Optimize, PretrainingConfig,
    RehearsalConfig, SystemConfig, TrainingConfig, init_config, recommended_vectors, with_notes,
};
pub use registry::{Argument, Block, Builder, Function, Kind, NumberOrBlock, Registry};
pub use value::{Table, Value};
