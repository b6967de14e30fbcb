#![doc = include_str!("../README.md")]

mod counts;
mod scorer;
mod scores;

pub use counts::Counts;
pub use scorer::Scorer;
pub use scores::{Score, Scores};
