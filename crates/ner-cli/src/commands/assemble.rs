//! `ner assemble`

use std::path::PathBuf;

use ner_config::Registry;
use ner_pipeline::Pipeline;

use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::{config_file, path, report};

/// Make a pipeline of a config and of components that it takes from other pipelines, without training.
///
/// Components that come from nowhere start with random weights. Any value of the config can be set from outside, as
/// for `ner train`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Directory for the pipeline.
    output: PathBuf,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let config = config_file::complete(&args.config, overrides, registry)?;
    path::check_place_of_pipeline(&args.output)?;
    let seed = match config.resolve()?.get("training.seed") {
        Some(&ner_config::Value::Integer(seed)) => u64::try_from(seed).unwrap_or_default(),
        // A config without training has no seed; 0 is what spaCy's defaults say.
        _ => 0,
    };
    let mut pipeline = Pipeline::from_config(&config, registry, &args.device.open()?)?;
    let labels = ner_training::labels(&pipeline.config().resolve()?, registry, &pipeline)?;
    // No examples: labels come from label files, or with the components of other pipelines.
    pipeline.initialize(&[], &labels, seed)?;
    report::good("Initialized pipeline");
    pipeline.save(&args.output)?;
    report::good(format_args!("Saved pipeline to output directory {}", args.output.display()));
    Ok(())
}
