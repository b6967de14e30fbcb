//! Corpus files to documents and back.

pub mod docbin;
mod error;
mod sentences;
pub mod storage;

pub use error::{CorpusError, Place};
