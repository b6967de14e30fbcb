//! Training: settings out of the ordinary, and real runs of spaCy.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod golden;
mod settings;
