//! `ner debug model`

use std::path::PathBuf;

use ner_config::Registry;

use crate::args::Format;
use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::{config_file, path, report};

/// Count the weights of a config's pipeline, and say what memory its training will need.
///
/// The pipeline is made and initialised as by `ner train`, and nothing is written. Any value of the config can be set
/// from outside.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let config = config_file::complete(&args.config, overrides, registry)?;
    let plan = ner_training::memory_plan(&config, registry, &args.device.open()?)?;
    match args.format {
        Format::Table => report::print(ner_report::memory_table(&plan)),
        Format::Json => report::print_json(&serde_json::to_value(&plan)?),
    }
}
