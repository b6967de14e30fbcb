//! Corpus files to documents and back.

pub mod convert;
pub mod docbin;
mod error;
pub mod jsonl;
mod sentences;
mod sentencizer;
pub mod storage;

pub use error::{CorpusError, Place};
pub use sentencizer::Sentencizer;
