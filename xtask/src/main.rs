//! Chores of the workspace. One file a task; this one only lists them.

mod bench;
mod convert;
mod corpus;
mod damage;
mod tidy;
mod unicode;
mod workspace;

use clap::{Parser, Subcommand};

/// Chores of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure the program, and spaCy beside it.
    Bench(bench::Args),
    /// Convert annotated files as `spacy convert` does.
    Convert(convert::Args),
    /// Write corpus/*.jsonl from corpus/grammar, or check that they are what it gives.
    Corpus(corpus::Args),
    /// Damage good files at random and count what their reader notices.
    Damage(damage::Args),
    /// Check what the workspace promises about itself, and print its sizes.
    Tidy,
    /// Write the table of characters' classes as CPython 3.11 has them, or check it.
    Unicode(unicode::Args),
}

fn main() -> anyhow::Result<()> {
    // spaCy's name for `--label-map`, which clap would read as `-n m`.
    let written_out = |argument| if argument == "-nm" { "--ner-map".into() } else { argument };
    match Cli::parse_from(std::env::args_os().map(written_out)).task {
        Task::Bench(args) => bench::run(&args),
        Task::Convert(args) => convert::run(&args),
        Task::Corpus(args) => corpus::run(&args),
        Task::Damage(args) => damage::run(&args),
        Task::Tidy => tidy::run(),
        Task::Unicode(args) => unicode::run(&args),
    }
}
