//! `ner init labels`

use std::path::PathBuf;

use anyhow::Context;
use ner_config::Registry;
use ner_cpython::write_indented_srsly_json;

use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::{config_file, path, report};

/// Write the labels of the training data into a file for each component, which spares training the search for them.
///
/// The files are for `spacy.read_labels.v1` in a config's `[initialize.components]`. Any value of the config can be set
/// from outside, as for `ner train`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Directory for the files.
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
    for (name, labels) in ner_training::label_data(&config, registry, &args.device.open()?)? {
        let Some(labels) = labels else {
            report::info(format_args!("No label data found for component '{name}'"));
            continue;
        };
        let path = args.output.join(format!("{name}.json"));
        ner_files::write(&path, |file| {
            write_indented_srsly_json(file, &labels).with_context(|| path.display().to_string())
        })?;
        report::good(format_args!("Saving label data for component '{name}' to {}", path.display()));
    }
    Ok(())
}
