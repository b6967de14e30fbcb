#![doc = include_str!("../README.md")]

mod config;
mod names;

mod error;

pub use config::{Activation, EncoderConfig, Family};
pub use error::HubError;
pub use names::{AttentionInput, EncoderNames, LayerNames, Weight, from_curated, to_curated};
