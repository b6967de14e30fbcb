use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Sends what the crates below have to tell to stderr: warnings, with `verbose` everything of ours, and with the
/// variable RUST_LOG what it says.
pub(crate) fn install(verbose: bool) {
    let default = if verbose { "warn,ner=debug" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    subscriber.with_ansi(io::stderr().is_terminal()).without_time().with_target(verbose).init();
}
