#![doc = include_str!("../README.md")]

mod affixes;
mod characters;
mod error;
mod explain;
mod language;
mod pattern;
mod phrases;
mod pool;
mod rules;
mod runs;
mod short_text;
mod source;
mod special_case;
mod tokenizer;
mod words;

pub use characters::Characters;
pub use error::TokenizerError;
pub use explain::Rule;
pub use language::languages;
pub use source::{SplitText, TokenizerSource};
pub use special_case::SpecialToken;
pub use tokenizer::Tokenizer;
