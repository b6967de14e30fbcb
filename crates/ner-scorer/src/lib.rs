#![doc = include_str!("../README.md")]

mod scorer;

mod comparison;
mod entities;
mod sentences;
mod tokens;

mod counts;
mod parallel;
mod scores;

pub use comparison::{EntityComparison, Verdict};
pub use counts::Counts;
pub use entities::{EntityCounts, EntityScorer};
pub use scorer::{ScoreCounts, Scorer};
pub use scores::{Score, Scores};
pub use sentences::SentenceScorer;
pub use tokens::TokenScorer;
