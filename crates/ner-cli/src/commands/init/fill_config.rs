//! `ner init fill-config`

use std::path::PathBuf;

use ner_config::Registry;
use similar::TextDiff;

use crate::{config_file, path, report};

/// Write out every default of a config: of its sections, of the functions that it names, and of components.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config to fill, .toml or .cfg.
    #[arg(value_parser = path::existing())]
    base: PathBuf,
    /// File to write, .toml or .cfg; - prints the config.
    #[arg(default_value = "-")]
    output_file: PathBuf,
    /// Include what pretraining needs.
    #[arg(long)]
    pretraining: bool,
    /// Show the lines that were added (+) and those that are gone (-).
    #[arg(short = 'D', long)]
    diff: bool,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let base = config_file::read(&args.base)?;
    let filled = base.fill(registry)?;
    let filled = if args.pretraining { filled.with_pretraining() } else { filled };
    // As .cfg, whatever the syntax of the file, so that only what was filled in makes a difference.
    let (before, after) = (base.to_cfg_string()?, filled.to_cfg_string()?);
    if before == after {
        report::warn("Nothing to auto-fill: base config is already complete");
    } else {
        report::good("Auto-filled config with all values");
    }
    if args.diff {
        report::line(ner_report::title("START CONFIG DIFF"));
        report::line(TextDiff::from_lines(&before, &after).unified_diff());
        report::line(ner_report::title("END CONFIG DIFF"));
    }
    config_file::write(&filled, &args.output_file)?;
    if !path::is_dash(&args.output_file) {
        report::good(format_args!("Saved config: {}", args.output_file.display()));
    }
    Ok(())
}
