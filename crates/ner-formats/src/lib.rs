#![doc = include_str!("../README.md")]

pub mod account;
pub mod convert;
pub mod record;

mod formats;
mod read;
mod source;
mod tags;

mod error;
mod place;

pub use error::FormatError;
pub use formats::records::{JsonlWriter, take_annotation, tokens_of};
pub use formats::{FORMATS, Format, docbin};
pub use place::Place;
pub use read::{LabelMap, ReadOptions, Reading, read_docs};
pub use source::{Encoding, EveryLine, JsonLines, Opened, TextLines, first_json, json_values, suffix};
pub use tags::Scheme;
