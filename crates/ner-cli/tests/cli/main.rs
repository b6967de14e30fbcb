//! Whole commands, as a user types them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod apply_bad_records;
mod apply_inputs;
mod components;
mod configs;
mod evaluate;
mod golden;
mod package;
mod train;
mod workshop;
mod wrong;
