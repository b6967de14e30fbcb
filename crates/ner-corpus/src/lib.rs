#![doc = include_str!("../README.md")]

pub mod augment;
pub mod reader;

mod error;
mod registrations;
mod summary;

pub use error::{AugmentError, CorpusError};
pub use registrations::{PART, register};
pub use summary::CorpusSummary;
