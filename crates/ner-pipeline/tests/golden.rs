//! What real spaCy predicted and learned, held against this crate: a slice that is in the repository, and all of the
//! suite where `NER_GOLDEN` names it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "golden/annotations.rs"]
mod annotations;
#[path = "golden/initial_weights.rs"]
mod initial_weights;
#[path = "golden/models.rs"]
mod models;
#[path = "golden/suite.rs"]
mod suite;
#[path = "golden/updates.rs"]
mod updates;
