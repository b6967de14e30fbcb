#![doc = include_str!("../README.md")]

mod json;
mod murmur;
mod random;
mod text;
mod unicode;

pub use json::{float_repr, json_string, srsly_json, write_indented_srsly_json};
pub use murmur::{murmur64a, murmur128};
pub use random::{NumpyRandom, PythonRandom, SharedRandom};
pub use text::{is_space, lower, strip, universal_newlines, words};
pub use unicode::CharClass;
