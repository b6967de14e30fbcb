//! The command `ner`: train, evaluate and use recognisers of named entities.
//!
//! It is the only crate that prints, reads the environment, subscribes to tracing or picks a device; what the
//! commands do is done by the crates below. A binary with functions of its own is
//! `fn main() -> ExitCode { ner_cli::run(ner_cli::builtin().with(acme::register)) }`.
//!
//! ```
//! use ner_config::{Builder, ConfigError, Kind, Registry};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! /// A learn rate that never changes.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(deny_unknown_fields)]
//! struct FlatConfig { rate: f64 }
//!
//! fn register(registry: &mut Registry) {
//!     registry.add(Kind::Schedules, "acme.flat.v1", |config: FlatConfig, _: &Builder| Ok(config.rate));
//! }
//!
//! let registry = ner_cli::builtin().with(register).registry();
//! assert!(registry.get(Kind::Schedules, "acme.flat.v1").is_some());
//! assert!(registry.get(Kind::Architectures, "spacy.TransitionBasedParser.v2").is_some());
//! ```

mod run;

mod args;
mod beam;
mod command_line;
mod failure;
mod registrations;

mod commands;

mod config_file;
mod console;
mod device;
mod interrupt;
mod logging;
mod model;
mod path;
mod report;

pub use registrations::{Registrations, builtin};
pub use run::run;
