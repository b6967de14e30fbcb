//! Whole commands, as a user types them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod components;
mod configs;
mod evaluate;
mod golden;
mod package;
mod train;
mod workshop;
mod wrong;
