//! `cargo xtask damage`: damages good files at random, and counts what a reader notices.

mod cells;
mod good;
mod json;
mod kinds;
mod lines;
mod reading;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ner_cpython::PythonRandom;

use self::good::Good;
use self::kinds::{Damage, KINDS};
use self::reading::{Found, read};

/// Damage good files at random and count what their reader notices.
///
/// A damage that changes the entities of a file and is neither an error nor a warning is silent. Each is listed with
/// what changed. Files of any format are taken; which damages a format can notice differs, see the table.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Good annotated files, of any format.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Damages of each kind for each file.
    #[arg(short, long, default_value_t = 20)]
    n: usize,
    /// Seed of the damages.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// What became of damages of one kind to files of one format.
#[derive(Default)]
struct Outcome {
    refused: usize,
    warned: usize,
    /// The entities are those of the good file.
    unchanged: usize,
    silent: usize,
    can_be_noticed: bool,
}

/// What is told in the end.
#[derive(Default)]
struct Report {
    /// By format and kind.
    outcomes: BTreeMap<(String, &'static str), Outcome>,
    /// What readers say of good files, and damages that they say nothing of.
    lines: Vec<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut report = Report::default();
    for file in &args.files {
        let bytes = fs::read(file)?;
        let good = match read(&bytes, file) {
            Found::Refused(error) => anyhow::bail!("{error}; expected a file that is in order"),
            Found::Read(reading) => Good { bytes, reading },
        };
        let alarm = |warning| format!("{}: a false alarm, or a fault of the file: {warning}", file.display());
        report.lines.extend(good.reading.warnings.iter().map(alarm));
        for kind in KINDS {
            damage(file, &good, kind, args, &mut report);
        }
    }
    report.print();
    let faults = report.outcomes.values().filter(|outcome| outcome.can_be_noticed);
    let n_faults: usize = faults.map(|outcome| outcome.silent).sum();
    anyhow::ensure!(n_faults == 0, "{n_faults} damages that can be noticed change entities without a word");
    Ok(())
}

/// Damages a file some times in one way.
fn damage(file: &Path, good: &Good, kind: &Damage, args: &Args, report: &mut Report) {
    let Damage { name, can_be_noticed, apply } = kind;
    let format = &good.reading.format;
    let can_be_noticed = can_be_noticed(format);
    // A generator for each kind and file, so that a new kind leaves the others as they are.
    let mut random = PythonRandom::new(args.seed ^ name.len() as u64);
    let mut seen = HashSet::from([good.bytes.clone()]);
    for number in 0..args.n {
        let Some(damaged) = apply(good, &mut random).filter(|damaged| seen.insert(damaged.clone())) else {
            continue;
        };
        let outcome = report.outcomes.entry((format.clone(), name)).or_default();
        outcome.can_be_noticed = can_be_noticed;
        match read(&damaged, file) {
            Found::Refused(_) => outcome.refused += 1,
            Found::Read(found) if found.warnings != good.reading.warnings => outcome.warned += 1,
            Found::Read(found) => match good.reading.difference(&found) {
                None => outcome.unchanged += 1,
                Some(change) => {
                    outcome.silent += 1;
                    let mark = if can_be_noticed { "unnoticed" } else { "another file" };
                    report.lines.push(format!("{mark}: {} {name} {number}: {change}", file.display()));
                }
            },
        }
    }
}

impl Report {
    #[expect(clippy::print_stdout, reason = "the table is what the task is asked for")]
    fn print(&self) {
        for line in &self.lines {
            println!("{line}");
        }
        println!(
            "{:14} {:16} {:>8} {:>8} {:>10} {:>8}",
            "format", "damage", "refused", "warned", "unchanged", "silent"
        );
        for ((format, kind), outcome) in &self.outcomes {
            let Outcome { refused, warned, unchanged, silent, can_be_noticed } = outcome;
            let note = if *can_be_noticed { "" } else { "  (gives another file that is in order)" };
            println!("{format:14} {kind:16} {refused:>8} {warned:>8} {unchanged:>10} {silent:>8}{note}");
        }
    }
}
