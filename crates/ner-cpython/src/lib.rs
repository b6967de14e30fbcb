#![doc = include_str!("../README.md")]

mod murmur;
mod random;
mod unicode;

pub use murmur::{murmur64a, murmur128};
pub use random::{NumpyRandom, PythonRandom, SharedRandom};
pub use unicode::{CharClass, is_space, lower};
