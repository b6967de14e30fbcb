//! `cargo xtask damage`: damages good files at random, and counts what a reader notices.

mod kinds;
mod reading;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use ner_cpython::PythonRandom;

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

/// What became of damages of one kind.
#[derive(Default)]
struct Outcome {
    refused: usize,
    warned: usize,
    /// The entities are those of the good file.
    unchanged: usize,
    silent: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut outcomes: BTreeMap<&str, Outcome> = BTreeMap::new();
    let mut silent = Vec::new();
    for file in &args.files {
        let bytes = fs::read(file)?;
        let good = match read(&bytes, file) {
            Found::Read { entities, warnings } => {
                for warning in &warnings {
                    println!("{}: a false alarm, or a fault of the file: {warning}", file.display());
                }
                (entities, warnings)
            }
            Found::Refused(error) => anyhow::bail!("{error}; expected a file that is in order"),
        };
        for Damage { name, apply, .. } in KINDS {
            // A generator for each kind and file, so that a new kind leaves the others as they are.
            let mut random = PythonRandom::new(args.seed ^ name.len() as u64);
            for number in 0..args.n {
                let Some(damaged) = apply(&bytes, &mut random).filter(|damaged| *damaged != bytes) else {
                    continue;
                };
                let outcome = outcomes.entry(name).or_default();
                match read(&damaged, file) {
                    Found::Refused(_) => outcome.refused += 1,
                    Found::Read { warnings, .. } if warnings != good.1 => outcome.warned += 1,
                    Found::Read { entities, .. } if entities == good.0 => outcome.unchanged += 1,
                    Found::Read { entities, .. } => {
                        outcome.silent += 1;
                        let change = reading::difference(&good.0, &entities);
                        silent.push((name, format!("{} {name} {number}: {change}", file.display())));
                    }
                }
            }
        }
    }
    print(&outcomes, &silent);
    let is_fault = |name: &str| KINDS.iter().any(|kind| kind.name == name && kind.can_be_noticed);
    let n_faults = silent.iter().filter(|(name, _)| is_fault(name)).count();
    anyhow::ensure!(n_faults == 0, "{n_faults} damages that can be noticed change entities without a word");
    Ok(())
}

fn print(outcomes: &BTreeMap<&str, Outcome>, silent: &[(&&str, String)]) {
    println!("{:16} {:>8} {:>8} {:>10} {:>8}", "damage", "refused", "warned", "unchanged", "silent");
    for Damage { name, can_be_noticed, .. } in KINDS {
        let Some(Outcome { refused, warned, unchanged, silent }) = outcomes.get(name) else { continue };
        let note = if *can_be_noticed { "" } else { "  (gives another file that is in order)" };
        println!("{name:16} {refused:>8} {warned:>8} {unchanged:>10} {silent:>8}{note}");
    }
    for (_, line) in silent {
        println!("{line}");
    }
}
