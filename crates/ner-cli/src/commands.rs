//! The commands, each in a file with its arguments.

pub(crate) mod apply;
pub(crate) mod assemble;
pub(crate) mod benchmark_speed;
pub(crate) mod convert;
pub(crate) mod debug_model;
pub(crate) mod distill;
#[cfg(feature = "download")]
pub(crate) mod download_encoder;
pub(crate) mod evaluate;
pub(crate) mod info;
pub(crate) mod init;
pub(crate) mod package;
pub(crate) mod raw_text;
pub(crate) mod registry;
pub(crate) mod studies;
pub(crate) mod train;
pub(crate) mod update;
