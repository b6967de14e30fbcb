//! Whole commands, as a user types them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod configs;
mod evaluate;
mod golden;
mod train;
mod workshop;
mod wrong;
