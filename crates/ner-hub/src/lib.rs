#![doc = include_str!("../README.md")]

mod find;

#[cfg(feature = "download")]
mod download;
mod encoder_files;
mod weights;

mod config;
mod names;
mod shim_settings;

mod error;
mod json;

pub use config::{Activation, EncoderConfig, Family};
#[cfg(feature = "download")]
pub use download::{Hub, Progress, Report};
pub use encoder_files::{EncoderFiles, TOKENIZER_FILES};
pub use error::HubError;
pub use find::{EncoderName, EncoderPlaces};
pub use names::{AttentionInput, EncoderNames, LayerNames, Weight, from_curated, to_curated};
pub use shim_settings::{settings_for_shim, settings_of_shim};
pub use weights::{base_name, check_weights, read_weights};
