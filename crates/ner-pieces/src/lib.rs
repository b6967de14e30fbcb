#![doc = include_str!("../README.md")]

mod error;
mod fast;
mod pieces;
mod rows;
mod spans;

pub use error::PiecesError;
pub use fast::{EncodedText, FastTokenizer};
pub use pieces::Pieces;
pub use rows::{RaggedRows, WeightedRows};
pub use spans::SpanGetter;
