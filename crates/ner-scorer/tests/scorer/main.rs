//! Scores: the rules of counting, and what spaCy counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod facts;
mod golden;
