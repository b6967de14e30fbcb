#![doc = include_str!("../README.md")]

mod pieces;
mod rows;

mod fast;
mod spans;

mod curated;
mod prefix_table;
mod sentencepiece;
mod word_memory;

mod error;

pub use curated::{
    ByteBpe, ByteBpeSettings, DocPieces, PieceEncoder, PieceVocabulary, Sentencepiece, Shift, StridedPieces,
    Wordpiece, WordpieceSettings,
};
pub use error::PiecesError;
pub use fast::{EncodedText, FastTokenizer};
pub use pieces::Pieces;
pub use rows::{RaggedRows, WeightedRows};
pub use spans::SpanGetter;
