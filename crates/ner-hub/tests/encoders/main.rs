//! Folders of encoders as people have them, whole and damaged, and how they are found by name.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod damaged;
mod downloaded;
mod found;
mod golden;
mod hub;
mod tiny;
