//! What an encoder computes: the settings of `config.json`.

mod encoder_config;
mod family;
mod settings;

pub use encoder_config::{Activation, EncoderConfig};
pub use family::Family;
