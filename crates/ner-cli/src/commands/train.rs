//! `ner train`

use std::path::{Path, PathBuf};

use ner_config::Registry;
use ner_training::{Output, TrainingError, TrainingReport};

use crate::code::CodeArgs;
use crate::console::Console;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;
use crate::{config_file, path, report};

/// Train a pipeline on annotated data, as a config says.
///
/// Any value of the config can be set from outside: --training.max_steps 200, or --paths.train=train.jsonl. The
/// variable SPACY_CONFIG_OVERRIDES may hold such options too, which win.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Directory for model-best and model-last, and for training.html, which shows the run.
    #[arg(short, long, visible_alias = "output-path")]
    output: Option<PathBuf>,
    /// Go on with the run that was stopped or killed in the output directory, to the same result; begin it if there is none.
    #[arg(long, requires = "output")]
    resume: bool,
    /// Set this share of the training documents apart to measure by, in place of a dev corpus, such as 0.1. Documents
    /// stay on their side when others are added.
    #[arg(long)]
    dev_split: Option<f64>,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let mut words = overrides.to_vec();
    words.extend(args.dev_split.map(|share| format!("--training.dev_split={share}")));
    let config = config_file::complete(&args.config, &words, registry)?;
    into(args.output.as_deref(), || {
        let device = args.device.open()?;
        follow(args.output.as_deref(), args.resume, |output, console, interrupted| {
            ner_training::train(&config, registry, &device, output, console, interrupted)
        })
    })
}

/// Does work that writes into a directory, which is made if need be.
pub(crate) fn into(output: Option<&Path>, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    // Before anything is loaded: a directory that cannot be written to is known in the first second.
    let made = prepare(output)?;
    let outcome = work();
    if outcome.is_err() {
        // Those alone that are empty: what was trained before the failure stays.
        made.iter().take_while(|directory| std::fs::remove_dir(directory).is_ok()).for_each(drop);
    }
    outcome
}

/// Follows a run to its end, or until it is interrupted.
pub(crate) fn follow(
    output: Option<&Path>,
    resume: bool,
    run: impl FnOnce(
        Option<&Output<'_>>,
        &mut Console,
        &dyn Fn() -> bool,
    ) -> Result<TrainingReport, TrainingError>
    + Send,
) -> anyhow::Result<()> {
    let interrupt = Interrupt::listen()?;
    let directory = output.map(|output| match resume {
        true => Output::resuming(output),
        false => Output::to(output),
    });
    // On one of rayon's threads, so that the loop never has to wake one up to hand work over.
    rayon::scope(|_| {
        let mut console = Console::new(interrupt.clone(), output);
        let is_interrupted = || interrupt.is_raised();
        let outcome = run(directory.as_ref(), &mut console, &is_interrupted);
        // Before the outcome: a closed stdout is the cause of the interruption that it reports.
        console.finish()?;
        if outcome?.interrupted { Err(Interrupted.into()) } else { Ok(()) }
    })
}

/// Makes the output directory. Returns the directories that were not there, the innermost first.
fn prepare(output: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let Some(output) = output else {
        report::info("No output directory provided");
        return Ok(Vec::new());
    };
    let is_new = |directory: &&Path| !directory.as_os_str().is_empty() && !directory.exists();
    let made: Vec<PathBuf> = output.ancestors().take_while(is_new).map(Path::to_owned).collect();
    path::prepare_directory(output)?;
    if !made.is_empty() {
        report::good(format_args!("Created output directory: {}", output.display()));
    }
    report::info(format_args!("Saving to output directory: {}", output.display()));
    Ok(made)
}
