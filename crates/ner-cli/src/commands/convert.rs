//! `ner convert`

use std::io;
use std::path::PathBuf;

use ner_formats::convert::{ConvertOptions, Output, convert_path};

use crate::report;

/// Convert annotated files of any format to spaCy's and to those of other tools.
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

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut stdout = io::stdout();
    let output = Output::of(&args.output_dir, &mut stdout);
    convert_path(&args.input, output, &args.options, &mut |message| report::line(message))?;
    Ok(())
}
