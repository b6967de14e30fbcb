//! `cargo xtask convert`: `ner convert` without the models, which builds in seconds.

use std::io;
use std::path::PathBuf;

use anyhow::Result;
use ner_formats::convert::{ConvertOptions, Output, convert_path};

/// Arguments of `cargo xtask convert`, which are those of `ner convert`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Input file or directory.
    input: PathBuf,
    /// Output directory; - writes text to stdout.
    #[arg(default_value = "-")]
    output_dir: PathBuf,
    #[command(flatten)]
    options: ConvertOptions,
}

/// Converts, with messages on stderr.
#[expect(clippy::print_stderr, reason = "a chore reports to the terminal")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut stdout = io::stdout();
    let output = Output::of(&args.output_dir, &mut stdout);
    convert_path(&args.input, output, &args.options, &mut |message| eprintln!("{message}"))?;
    Ok(())
}
