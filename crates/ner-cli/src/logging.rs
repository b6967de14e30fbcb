use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Sends the log of the crates below to stderr: warnings, each of them once, with `verbose` all events of ours, or those
/// that the variable RUST_LOG selects.
pub(crate) fn install(verbose: bool) {
    // A target is matched by its beginning: `ner` stands for `ner_training` and all our others.
    let default = if verbose { "warn,ner=debug" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Stderr::default());
    subscriber.with_ansi(io::stderr().is_terminal()).without_time().with_target(verbose).init();
}

/// Warnings that are remembered; a run with more of them tells so many different things that nobody misses a repetition.
const MAX_REMEMBERED: usize = 10_000;

/// stderr without the second one of two equal warnings, which a pipeline that is opened twice gives.
#[derive(Default)]
struct Stderr {
    warnings: Mutex<HashSet<Vec<u8>>>,
}

/// A place for one event.
struct Event<'a> {
    /// Those that must not be repeated, if it is a warning.
    warnings: Option<&'a Mutex<HashSet<Vec<u8>>>>,
}

impl<'a> MakeWriter<'a> for Stderr {
    type Writer = Event<'a>;

    fn make_writer(&'a self) -> Event<'a> {
        Event { warnings: None }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Event<'a> {
        Event { warnings: (*metadata.level() == Level::WARN).then_some(&self.warnings) }
    }
}

impl Write for Event<'_> {
    /// The subscriber gives each event as one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let is_new = self.warnings.is_none_or(|warnings| {
            let mut warnings = warnings.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            warnings.len() >= MAX_REMEMBERED || warnings.insert(line.to_vec())
        });
        if is_new {
            io::stderr().write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
