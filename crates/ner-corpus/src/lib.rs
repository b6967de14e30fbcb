//! Corpus files to documents and back.

pub mod convert;
pub mod docbin;
mod error;
mod sentencizer;
mod sentences;
pub mod storage;

pub use error::{CorpusError, Place};
pub use sentencizer::Sentencizer;
