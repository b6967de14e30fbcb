//! Gets an encoder from a hub, and nothing else opens a connection.

mod all_files;
mod connection;
mod fetch;
mod file_url;
mod hub;

pub use hub::{Hub, Progress, Report};
