#![doc = include_str!("../README.md")]

mod settings;
mod text;

mod draws;
mod lexicon;
mod step;
mod training;

mod error;

pub use error::VectorsError;
pub use settings::{Mode, Settings};
pub use text::{Origin, Source, Text, TextWriter};
pub use training::{Event, Training};
