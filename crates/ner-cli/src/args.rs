use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use crate::commands::{
    apply, benchmark_speed, convert, evaluate, fill_config, info, init_config, registry, train,
};

/// Train, evaluate and use recognisers of named entities. Files and options are spaCy's.
#[derive(Parser)]
#[command(name = "ner", version, disable_version_flag = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Tell more of what is done; RUST_LOG chooses in detail.
    #[arg(short = 'V', long, global = true)]
    pub(crate) verbose: bool,
    /// Print the version.
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Train a pipeline.
    Train(train::Args),
    /// Measure precision, recall and F of a pipeline on annotated data.
    Evaluate(evaluate::Args),
    /// Measure a pipeline.
    #[command(subcommand)]
    Benchmark(Benchmark),
    /// Find the entities of texts.
    Apply(apply::Args),
    /// Convert annotated files.
    Convert(convert::Args),
    /// Begin something.
    #[command(subcommand)]
    Init(Init),
    /// List the functions that a config can name, with their arguments and defaults.
    Registry(registry::Args),
    /// Describe this program, or a pipeline.
    Info(info::Args),
}

#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// Measure precision, recall and F; the same as `ner evaluate`.
    Accuracy(evaluate::Args),
    /// Measure words per second.
    Speed(benchmark_speed::Args),
}

#[derive(Subcommand)]
pub(crate) enum Init {
    /// Write a complete config for a new pipeline.
    Config(init_config::Args),
    /// Write out every default of a config.
    FillConfig(fill_config::Args),
}

/// How results are printed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

impl Command {
    /// Whether options such as `--training.max_steps 200` mean something.
    pub(crate) fn takes_overrides(&self) -> bool {
        matches!(self, Command::Train(_))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_option_is_well_formed() {
        Cli::command().debug_assert();
    }
}
