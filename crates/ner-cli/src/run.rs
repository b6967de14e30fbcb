use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::args::{Benchmark, Cli, Command, Debug, Init};
use crate::command_line::CommandLine;
#[cfg(feature = "download")]
use crate::commands::download_encoder;
use crate::commands::raw_text::{pretrain, train_vectors};
use crate::commands::{
    apply, assemble, benchmark_speed, convert, debug_model, distill, evaluate, info, init, package, registry,
    studies, train, update,
};
use crate::{Registrations, encoders, failure, logging, model, report};

/// Runs the command that the program's arguments name, with the functions of `registrations`. The exit code: 0 done, 1
/// the work failed, 2 wrong usage, 130 interrupted.
pub fn run(registrations: Registrations) -> ExitCode {
    // Before clap, which would refuse overrides as unknown options.
    let CommandLine { arguments, overrides } = CommandLine::read(env::args_os());
    refuse_long_dashes(&arguments);
    let cli = Cli::parse_from(arguments);
    if let (Some(first), false) = (overrides.first(), cli.command.takes_overrides()) {
        // clap's own error, so that the usage and the exit code are those of any unknown option.
        let message = format!("unexpected argument '{first}': this command reads no config to override");
        Cli::command().error(ErrorKind::UnknownArgument, message).exit();
    }
    logging::install(cli.verbose);
    match execute(&cli.command, &overrides, &registrations) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::fail(failure::message(&error));
            failure::exit_code(&error)
        }
    }
}

/// Says what an option is that a word processor wrote: `—output` for `--output`.
fn refuse_long_dashes(arguments: &[OsString]) {
    let is_dash = |argument: &&OsString| argument.to_str().is_some_and(|text| text.starts_with(['–', '—']));
    if let Some(argument) = arguments.iter().find(is_dash) {
        let message = format!(
            "unexpected argument {argument:?}: options begin with two hyphens, `--`, not with a dash"
        );
        Cli::command().error(ErrorKind::UnknownArgument, message).exit();
    }
}

fn execute(command: &Command, overrides: &[String], registrations: &Registrations) -> anyhow::Result<()> {
    let mut registry = registrations.registry();
    registry.set_package_folders(model::package_folders());
    registry.set_encoder_places(encoders::folders(command.encoders()), encoders::caches());
    match command {
        Command::Train(args) => train::run(args, overrides, &registry),
        Command::Pretrain(args) => pretrain::run(args, overrides, &registry),
        Command::TrainVectors(args) => train_vectors::run(args, &registry),
        Command::Update(args) => update::run(args, overrides, &registry),
        Command::Distill(args) => distill::run(args, overrides, &registry),
        Command::Evaluate(args) | Command::Benchmark(Benchmark::Accuracy(args)) => {
            evaluate::run(args, &registry)
        }
        Command::TrainCurve(args) => studies::train_curve::run(args, overrides, &registry),
        Command::CrossValidate(args) => studies::cross_validate::run(args, overrides, &registry),
        Command::Search(args) => studies::search::run(args, overrides, &registry),
        Command::Compare(args) => studies::compare::run(args, &registry),
        Command::Benchmark(Benchmark::Speed(args)) => benchmark_speed::run(args, &registry),
        Command::Apply(args) => apply::run(args, &registry),
        Command::Convert(args) => convert::run(args),
        #[cfg(feature = "download")]
        Command::DownloadEncoder(args) => download_encoder::run(args),
        Command::Debug(Debug::Model(args)) => debug_model::run(args, overrides, &registry),
        Command::Init(Init::Config(args)) => init::config::run(args, &registry),
        Command::Init(Init::FillConfig(args)) => init::fill_config::run(args, &registry),
        Command::Init(Init::Vectors(args)) => init::vectors::run(args, &registry),
        Command::Init(Init::Labels(args)) => init::labels::run(args, overrides, &registry),
        Command::Assemble(args) => assemble::run(args, overrides, &registry),
        Command::Package(args) => package::run(args),
        Command::Registry(args) => registry::run(args, &registry),
        Command::Info(args) => info::run(args, &registry),
    }
}
