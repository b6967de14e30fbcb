//! Output for people, laid out as spaCy lays it out: marks before messages, titles in rules, tables in columns.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use ner_report::Message;

/// Says on stderr that something is done.
pub(crate) fn good(text: impl Display) {
    say('✔', text);
}

/// Says on stderr that something may not be as intended.
pub(crate) fn warn(text: impl Display) {
    say('⚠', text);
}

/// Says on stderr something worth knowing.
pub(crate) fn info(text: impl Display) {
    say('ℹ', text);
}

/// Says on stderr that something failed.
pub(crate) fn fail(text: impl Display) {
    say('✘', text);
}

fn say(mark: char, text: impl Display) {
    line(format_args!("{mark} {text}"));
}

/// Writes a line to stderr.
pub(crate) fn line(text: impl Display) {
    // Not `eprintln!`, which panics if stderr is closed: that can be reported nowhere.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a result and a line break to stdout. Fails if stdout is closed.
pub(crate) fn print(text: impl Display) -> anyhow::Result<()> {
    // Not `println!`, which panics when a reader such as `head` has seen enough.
    writeln!(io::stdout(), "{text}").context("stdout")
}

/// Writes a row of a table to stdout, and everything else to stderr. Fails if stdout is closed.
pub(crate) fn message(message: &Message) -> anyhow::Result<()> {
    match message {
        Message::Row(row) => print(row),
        message => {
            line(message);
            Ok(())
        }
    }
}

/// Writes a result to stdout as JSON.
pub(crate) fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(format_args!("{value:#}"))
}

/// A bar on stderr that counts without knowing the end, and is gone when it is dropped; nothing where stderr is no
/// terminal.
pub(crate) fn counter(unit: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
    let template = format!("{{spinner}} {{human_pos}} {unit} ({{per_sec}}, {{elapsed}})");
    bar.set_style(ProgressStyle::with_template(&template).expect("the template is ours"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
