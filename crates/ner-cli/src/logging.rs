use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Sends the log of the crates below to stderr: warnings, with `verbose` all events of ours, or those that the variable
/// RUST_LOG selects.
pub(crate) fn install(verbose: bool) {
    // A target is matched by its beginning: `ner` stands for `ner_training` and all our others.
    let default = if verbose { "warn,ner=debug" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    subscriber.with_ansi(io::stderr().is_terminal()).without_time().with_target(verbose).init();
}
