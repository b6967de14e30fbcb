//! The features of a word without its context, as spaCy computes them.

mod flags;
mod languages;
mod lexeme;
mod numbers;
mod shape;
mod url;

pub use flags::LexemeFlags;
pub(crate) use languages::{Language, own_words};
pub use lexeme::Lexeme;
pub(crate) use lexeme::{prefix, suffix};
pub(crate) use shape::shape;
