//! Pipelines as a whole: their files, and what real spaCy predicted and learned with them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod files;
mod golden;
mod pieces;
