//! `ner pretrain`

use std::path::{Path, PathBuf};

use anyhow::Context;
use ner_config::{Document, Registry, Value};
use ner_training::{Pretrain, PretrainingEvent, PretrainingOutput, ResumeFrom};

use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::failure::{Interrupted, Usage};
use crate::interrupt::Interrupt;
use crate::{config_file, path, report};

/// Let the token vectors of a pipeline learn from raw text, to start a training from them.
///
/// What [pretraining] says happens; a config without that section gets the usual one, which reads JSON Lines from
/// --paths.raw_text. Train with --initialize.init_tok2vec OUTPUT_DIR/model-last.bin then.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The config, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Directory for the weights.
    output_dir: PathBuf,
    /// Go on with the pretraining that was stopped or killed in the output directory, to the same result; begin it if there is
    /// none.
    #[arg(long)]
    resume: bool,
    /// Weights to begin from, a file of an earlier pretraining.
    #[arg(short, long)]
    resume_path: Option<PathBuf>,
    /// The epoch to go on with, if --resume-path names a file that is not called by its epoch. -er means the same.
    #[arg(long, requires = "resume_path")]
    epoch_resume: Option<usize>,
    /// Do not write model-last.bin.
    #[arg(short = 'L', long)]
    skip_last: bool,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let resume = args.resume_path.as_deref().map(|path| resume_from(path, args.epoch_resume)).transpose()?;
    let mut config =
        config_file::complete_with(&args.config, overrides, registry, Document::with_pretraining)?;
    // These are the weights that are about to be made.
    config.set("initialize.init_tok2vec", Value::Null);
    let device = args.device.open()?;
    let mut pretrain = Pretrain::start(&config, registry, &device, resume.as_ref())?;
    prepare(&args.output_dir, args.resume)?;
    let output = PretrainingOutput::open(&args.output_dir)?;
    let event = match args.resume {
        true => Some(pretrain.resume(&output)?),
        false => output.about_beginning(),
    };
    event.iter().flat_map(ner_report::pretraining_lines).try_for_each(|line| report::message(&line))?;
    config_file::write(&config, &args.output_dir.join("config.cfg"))?;
    report::good("Saved config file in the output directory");
    let interrupt = Interrupt::listen()?;
    // On one of rayon's threads, so that the loop never has to wake one up to hand work over.
    let is_interrupted = rayon::scope(|_| {
        let mut printed = Ok(());
        let mut print = |event: PretrainingEvent| {
            let result = ner_report::pretraining_lines(&event).iter().try_for_each(report::message);
            if let (Err(error), true) = (result, printed.is_ok()) {
                // The run learns of a closed stdout by the interrupt.
                printed = Err(error);
                interrupt.raise();
            }
        };
        let interrupted = || interrupt.is_raised();
        let outcome = pretrain.follow(&output, !args.skip_last, &mut print, &interrupted);
        printed.and(Ok(outcome?))
    })?;
    if is_interrupted {
        return Err(Interrupted.into());
    }
    report::good("Successfully finished pretrain");
    Ok(())
}

/// The weights to go on from, and the epoch that comes next: the one after that by which the file is named, unless it is
/// given.
fn resume_from(path: &Path, epoch: Option<usize>) -> anyhow::Result<ResumeFrom> {
    if path.is_dir() {
        let message =
            format!("--resume-path: expected a file of weights, found the directory {}", path.display());
        return Err(Usage(message).into());
    }
    let named = || {
        let name = path.file_name()?.to_str()?;
        let epoch: usize = name.strip_prefix("model")?.strip_suffix(".bin")?.parse().ok()?;
        Some(epoch + 1)
    };
    match epoch.or_else(named) {
        Some(epoch) => Ok(ResumeFrom { path: path.to_owned(), epoch }),
        None => {
            let message = format!(
                "--resume-path: the name {} does not say after which epoch its weights were saved, as model3.bin does; give \
                 the epoch to go on with as --epoch-resume",
                path.display()
            );
            Err(Usage(message).into())
        }
    }
}

/// Makes the output directory, or warns of what lies in it.
fn prepare(output: &Path, resume: bool) -> anyhow::Result<()> {
    let is_new = !output.exists();
    let place = || format!("cannot write to {}", output.display());
    std::fs::create_dir_all(output).with_context(place)?;
    // Tried, not read from the permissions, which know nothing of a file system mounted read-only.
    tempfile::tempfile_in(output).with_context(place)?;
    if is_new {
        report::good(format_args!("Created output directory: {}", output.display()));
    } else if !resume && !ner_files::entries(output)?.is_empty() {
        report::warn("Output directory is not empty: weights of the epochs to come are overwritten");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_its_epoch() {
        let epoch = |name: &str, given| resume_from(Path::new(name), given).map(|resume| resume.epoch).ok();
        assert_eq!(epoch("out/model12.bin", None), Some(13));
        assert_eq!(epoch("out/model12.bin", Some(2)), Some(2));
        assert_eq!(epoch("out/model-last.bin", Some(0)), Some(0));
        assert_eq!(epoch("out/model-last.bin", None), None);
        assert_eq!(epoch("out/model3.temp.bin", None), None);
    }
}
