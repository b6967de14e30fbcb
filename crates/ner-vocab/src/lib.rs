#![doc = include_str!("../README.md")]

mod attribute;
mod error;
mod features;
mod strings;
mod vectors;
mod vocab;

pub use attribute::Attribute;
pub use error::VocabError;
pub use features::{Lexeme, LexemeFlags};
pub use strings::{StringId, StringStore};
pub use vectors::{
    FloretSettings, PublishedVectors, ReadOptions, RowCounts, VectorFileError, VectorFiles, Vectors, Words,
};
pub use vocab::Vocab;
