#![doc = include_str!("../README.md")]

mod run;

mod args;
mod beam;
mod code;
mod command_line;
mod failure;

mod commands;

mod config_file;
mod console;
mod device;
mod interrupt;
mod logging;
mod model;
mod path;
mod report;
mod rules;

pub use ner::{Registrations, builtin};
pub use run::run;
