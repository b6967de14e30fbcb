#![doc = include_str!("../README.md")]

mod run;

mod args;
mod arguments;
mod blank;
mod command_line;
mod failure;

mod commands;

mod config_file;
mod console;
mod interrupt;
mod logging;
mod path;
mod report;
mod rules;

use arguments::{beam, code, device, encoders, model};

pub use ner::{Registrations, builtin};
pub use run::run;
