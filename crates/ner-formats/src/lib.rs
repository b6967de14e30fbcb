#![doc = include_str!("../README.md")]

pub mod docbin;
pub mod jsonl;

pub mod convert;

mod read;

mod error;
mod place;
mod text_lines;

pub use error::FormatError;
pub use place::Place;
pub use read::{Docs, READABLE, read_docs};
pub use text_lines::TextLines;
