//! Output for people, laid out as spaCy lays it out: marks before messages, titles in rules, tables in columns.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// Says on stderr that something is done.
pub(crate) fn good(text: impl Display) {
    say('✔', text);
}

/// Says on stderr what may not be as intended.
pub(crate) fn warn(text: impl Display) {
    say('⚠', text);
}

/// Says on stderr what is worth knowing.
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
    // Without stderr there is no one to tell that it is not there.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a result and a line break to stdout. Fails if nobody reads it any more.
pub(crate) fn print(text: impl Display) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{text}").context("stdout")
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

const LINE_WIDTH: usize = 80;

/// A title in a rule, after an empty line.
pub(crate) fn title(text: &str) -> String {
    // spaCy: the rule's halves are cut to whole numbers first, so that a line is seldom as wide as it should be.
    let rule = "=".repeat((LINE_WIDTH.saturating_sub(text.chars().count()) / 2).saturating_sub(2));
    format!("\n{rule} {text} {rule}")
}

/// Columns of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    is_right_aligned: bool,
}

impl Table {
    /// A table without rows, whose columns are aligned to the left.
    pub(crate) fn new() -> Table {
        Table::default()
    }

    /// A table whose columns after the first are aligned to the right.
    pub(crate) fn of_numbers() -> Table {
        Table { is_right_aligned: true, ..Table::default() }
    }

    /// Adds a row below the others.
    pub(crate) fn add(&mut self, row: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let n_columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let width = |column| cells(column).map(|cell| cell.chars().count()).max().unwrap_or_default();
        (0..n_columns).map(width).collect()
    }
}

impl Display for Table {
    /// The rows between two empty lines.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                let is_right = self.is_right_aligned && column > 0;
                if is_right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            write!(f, "\n{}", cells.collect::<Vec<_>>().join("   ").trim_end())?;
        }
        f.write_str("\n")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn tables_are_laid_out_as_in_spacy() {
        let mut table = Table::of_numbers();
        table.add(["", "P", "R"]);
        table.add(["PERSON", "44.23", "57.50"]);
        table.add(["ORG", "0.00", "100.00"]);
        expect![[r#"

            =============================== NER (per type) ===============================

                         P        R
            PERSON   44.23    57.50
            ORG       0.00   100.00
        "#]]
        .assert_eq(&format!("{}\n{table}", title("NER (per type)")));
    }
}
