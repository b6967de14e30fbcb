//! Readers and augmenters: as a config builds them, and compared with spaCy's.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod augmenters;
mod golden;
mod mixed;
mod part;
mod reader;
mod shuffled;
mod unannotated;
mod unseen_words;
