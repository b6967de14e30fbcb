use std::path::PathBuf;

use clap::value_parser;
use ner_config::{Document, Registry};
use ner_studies::{RunOutcome, Runner, Seeds, StudyError, StudyEvent, StudySink};
use serde::Serialize;

use crate::args::Format;
use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;
use crate::{config_file, path, report};

/// What all commands share that make many runs.
#[derive(clap::Args)]
pub(crate) struct StudyArgs {
    /// The config, .toml, .cfg or .json; - reads it from stdin. Any value can be set from outside: --training.max_steps 200.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Directory for the runs and for results.json. The same command goes on with a study that was stopped there; one with more
    /// seeds takes the runs that are done as they are.
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Keep the pipelines of all runs.
    #[arg(long, requires = "output")]
    keep: bool,
    /// How to print the results.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

/// With which seeds.
#[derive(clap::Args)]
pub(crate) struct SeedArgs {
    /// Runs of each config, with seeds from that of the config on.
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u32).range(1..))]
    pub(crate) seeds: u32,
    /// Score each half of dev by the step and the balance of "out" that the other half chose. Without it dev chooses the pipeline
    /// that it scores, which flatters.
    #[arg(long)]
    pub(crate) dev_halves: bool,
}

impl SeedArgs {
    pub(crate) fn seeds(&self) -> Seeds {
        Seeds { n: self.seeds as usize, dev_halves: self.dev_halves }
    }
}

impl StudyArgs {
    /// Makes a study of the config, and prints its results.
    pub(crate) fn make<Results: Serialize>(
        &self,
        overrides: &[String],
        registry: &Registry,
        study: impl FnOnce(&Document, &mut Runner<'_>) -> Result<Results, StudyError>,
        tables: impl FnOnce(&Results) -> String,
    ) -> anyhow::Result<()> {
        let config = config_file::complete(&self.config, overrides, registry)?;
        let device = self.device.open()?;
        let interrupt = Interrupt::listen()?;
        // Gone at the end, unless the study has a directory of its own.
        let passing = tempfile::tempdir()?;
        if self.output.is_none() {
            report::info("No output directory provided: nothing is kept, and the study cannot be resumed");
        }
        let folder = self.output.as_deref().unwrap_or(passing.path());
        let is_interrupted = || interrupt.is_raised();
        let mut progress = Progress;
        let made = Runner::new(folder, registry, &device, self.keep, &mut progress, &is_interrupted)
            .and_then(|mut runner| study(&config, &mut runner));
        let results = match made {
            Err(StudyError::Interrupted) => {
                report::warn("The same command goes on with the study");
                return Err(Interrupted.into());
            }
            made => made?,
        };
        match self.format {
            Format::Table => report::print(tables(&results))?,
            Format::Json => report::print_json(&serde_json::to_value(&results)?)?,
        }
        if let Some(output) = &self.output {
            report::good(format_args!("Saved results to {}", output.join("results.json").display()));
        }
        Ok(())
    }
}

/// A line on stderr for each run.
struct Progress;

impl StudySink for Progress {
    fn event(&mut self, event: &StudyEvent<'_>) {
        match event {
            StudyEvent::Planned { n_runs, n_done, n_side_by_side } => {
                let done =
                    if *n_done > 0 { format!(", {n_done} of them done before") } else { String::new() };
                report::info(format_args!("{n_runs} runs{done}, {n_side_by_side} at a time"));
            }
            StudyEvent::Started { name } => tracing::info!(name, "run begins"),
            StudyEvent::Finished { name, outcome, n_done, n_runs } => {
                let outcome = match outcome {
                    RunOutcome::Scored(scores) => {
                        format!("F {:.2} ({:.0} s)", 100.0 * scores.score().f, scores.train_seconds)
                    }
                    RunOutcome::Diverged(message) => format!("diverged: {message}"),
                };
                report::line(format_args!("{n_done}/{n_runs} {name}: {outcome}"));
            }
            StudyEvent::Remark(text) => report::warn(text),
        }
    }
}
