//! `ner train-vectors`

mod options;
mod progress;
mod raw;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ner_config::Registry;
use ner_files::DirectoryLock;
use ner_pipeline::Pipeline;
use ner_vectors::{Text, Training};

use crate::device::start_threads;
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;
use crate::{blank, path, report};
use options::Options;
use progress::Progress;

/// Learn word vectors from raw text, for `initialize.vectors` of a config: skip-gram with negative sampling, and with the parts
/// of words as fastText and floret have them.
///
/// Raw text of the same kind as the training data is the cheapest way to a better F. Give the training data, too: its words
/// get vectors, and its annotation is ignored.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Raw text: .txt with a text a line, or any file that `ner convert` reads (.jsonl with "text" or "tokens", .spacy), whose
    /// annotation is ignored; or a directory of such files.
    #[arg(required = true, value_parser = path::existing())]
    raw: Vec<PathBuf>,
    /// Directory for the pipeline that holds the vectors.
    #[arg(short, long)]
    output: PathBuf,
    /// Code of the language, by whose rules the text is split into tokens.
    #[arg(short, long, default_value = "en")]
    lang: String,
    /// A pipeline whose tokenizer is taken, or its file `tokenizer`; for languages without rules built in.
    #[arg(long)]
    tokenizer: Option<PathBuf>,
    /// Name of the vectors, such as en_core_web_lg.vectors.
    #[arg(short, long)]
    name: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Go on with the run that was stopped or killed in the output directory, to the same bytes; begin it if there is none.
    #[arg(long)]
    resume: bool,
    /// Minutes of work that are lost at most if the run is killed.
    #[arg(long, default_value = "5", value_name = "MINUTES", value_parser = minutes)]
    save_every: Duration,
    /// The number of threads; one for each core unless given. Results do not depend on it.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

fn minutes(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(|minutes: f64| minutes * 60.0);
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "expected a number of minutes".to_owned())
}

/// The directory within the output, until this is replaced by the finished pipeline.
const CHECKPOINT: &str = "vectors-checkpoint";

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    check_place(&args.output)?;
    let settings = args.options.settings()?;
    start_threads(args.threads.map_or(0, NonZeroUsize::get))?;
    let config = blank::config(&args.lang, args.tokenizer.as_deref(), registry)?;
    let device = ner::default_device()?;
    let pipeline = Pipeline::from_config(&config, registry, &device)?;
    let interrupt = Interrupt::listen()?;
    std::fs::create_dir_all(&args.output)?;
    let lock = DirectoryLock::acquire(&args.output)?;
    let text = text(args, &pipeline, &interrupt)?;
    let mut training = Training::new(&text, pipeline.vocab(), settings)?;
    report::info(format_args!(
        "{} tokens, {} words, of which {} are frequent enough to learn from",
        text.n_tokens(),
        training.n_words(),
        training.n_learned()
    ));
    if args.resume && training.resume()? {
        report::info(format_args!("Going on in epoch {}", training.epoch() + 1));
    }
    let mut progress = Progress::new(&text, args.options.epochs());
    let is_interrupted =
        training.follow(args.save_every, &mut |event| progress.show(&event), &|| interrupt.is_raised())?;
    drop(progress);
    if is_interrupted {
        report::info("The run is saved: --resume goes on with it");
        return Err(Interrupted.into());
    }
    let vectors = training.into_vectors()?;
    report::good(format_args!("Learned {} vectors of {} numbers", vectors.n_rows(), vectors.width()));
    let (words, name) = (text.forms(), args.name.as_deref());
    let pipeline = blank::with_vectors(&config, vectors, words, name, registry, &device)?;
    // The directory is replaced as a whole, with the checkpoint.
    drop(lock);
    blank::save(&pipeline, &args.output)
}

/// Fails if the output holds anything but a pipeline, which will be replaced, or an unfinished run.
fn check_place(output: &Path) -> anyhow::Result<()> {
    let checkpoint = output.join(CHECKPOINT);
    let is_own = |entry: &PathBuf| *entry == checkpoint || ner_files::is_leftover(entry);
    if output.is_dir() && ner_files::entries(output)?.iter().all(is_own) {
        return Ok(());
    }
    path::check_place_of_pipeline(output)
}

/// The text, as it was read when the run began, or as it is read now.
fn text(args: &Args, pipeline: &Pipeline, interrupt: &Interrupt) -> anyhow::Result<Text> {
    let folder = args.output.join(CHECKPOINT);
    let origin = raw::origin(&args.raw, &args.lang)?;
    if args.resume {
        if let Some(text) = Text::open(&folder)? {
            text.check_origin(&origin)?;
            return Ok(text);
        }
        report::info(format_args!("Nothing to resume in {}", args.output.display()));
    } else if folder.exists() {
        report::warn(format_args!("{} is of an earlier run, and is overwritten", folder.display()));
    }
    let bar = report::counter("texts");
    Text::write(&folder, origin, |writer| {
        for path in &args.raw {
            raw::read(path, pipeline.tokenizer(), writer, &bar, interrupt)?;
        }
        Ok(())
    })
}
