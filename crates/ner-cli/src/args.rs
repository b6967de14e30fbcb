use clap::{ArgAction, Parser, Subcommand, ValueEnum};

#[cfg(feature = "download")]
use crate::commands::download_encoder;
use crate::commands::raw_text::{pretrain, train_vectors};
use crate::commands::{
    apply, assemble, benchmark_speed, convert, debug_model, distill, evaluate, info, init, package, registry,
    studies, train, update,
};
use crate::encoders::EncoderArgs;

/// Train, evaluate and use recognisers of named entities. Files and options are spaCy's.
#[derive(Parser)]
// spaCy: -V means --verbose, so clap's own flag of that letter is off.
#[command(name = "ner", version, disable_version_flag = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Log each stage of the work; RUST_LOG selects in detail.
    #[arg(short = 'V', long, global = true)]
    pub(crate) verbose: bool,
    /// Print the version.
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Train(train::Args),
    Pretrain(pretrain::Args),
    TrainVectors(train_vectors::Args),
    Update(update::Args),
    Distill(distill::Args),
    Evaluate(evaluate::Args),
    TrainCurve(studies::train_curve::Args),
    CrossValidate(studies::cross_validate::Args),
    Search(studies::search::Args),
    Compare(studies::compare::Args),
    /// Measure how well, or how fast, a pipeline predicts.
    #[command(subcommand)]
    Benchmark(Benchmark),
    Apply(apply::Args),
    Convert(convert::Args),
    #[cfg(feature = "download")]
    DownloadEncoder(download_encoder::Args),
    /// Look into a config before it is trained.
    #[command(subcommand)]
    Debug(Debug),
    /// Write what training begins with: a config, word vectors, labels.
    #[command(subcommand)]
    Init(Init),
    Assemble(assemble::Args),
    Package(package::Args),
    Registry(registry::Args),
    Info(info::Args),
}

#[derive(Subcommand)]
pub(crate) enum Benchmark {
    Accuracy(evaluate::Args),
    Speed(benchmark_speed::Args),
}

#[derive(Subcommand)]
pub(crate) enum Debug {
    Model(debug_model::Args),
}

#[derive(Subcommand)]
pub(crate) enum Init {
    Config(init::config::Args),
    FillConfig(init::fill_config::Args),
    Vectors(init::vectors::Args),
    Labels(init::labels::Args),
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
    /// Where the user says that encoders are, if the command needs any.
    pub(crate) fn encoders(&self) -> Option<&EncoderArgs> {
        match self {
            Command::Train(args) => Some(&args.encoders),
            Command::Pretrain(args) => Some(&args.encoders),
            Command::Distill(args) => Some(&args.encoders),
            Command::TrainCurve(args) => Some(&args.study.encoders),
            Command::CrossValidate(args) => Some(&args.study.encoders),
            Command::Search(args) => Some(&args.study.encoders),
            Command::Assemble(args) => Some(&args.encoders),
            Command::Debug(Debug::Model(args)) => Some(&args.encoders),
            Command::Init(Init::Config(args)) => Some(&args.encoders),
            Command::Init(Init::Labels(args)) => Some(&args.encoders),
            _ => None,
        }
    }

    /// Whether options such as `--training.max_steps 200` mean something.
    pub(crate) fn takes_overrides(&self) -> bool {
        matches!(
            self,
            Command::Train(_)
                | Command::Pretrain(_)
                | Command::Update(_)
                | Command::Distill(_)
                | Command::TrainCurve(_)
                | Command::CrossValidate(_)
                | Command::Search(_)
                | Command::Assemble(_)
                | Command::Debug(_)
                | Command::Init(Init::Labels(_))
        )
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
