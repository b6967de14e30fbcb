//! `ner distill`

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use ner_config::{Document, Registry};
use ner_pipeline::{LoadOptions, Pipeline};
use ner_training::DistillOptions;

use crate::code::CodeArgs;
use crate::commands::train::{follow, into};
use crate::device::DeviceArgs;
use crate::encoders::EncoderArgs;
use crate::{config_file, model, path};

/// Train a pipeline as a config says, on annotated data and on what trained pipelines find in raw text.
///
/// The teachers may be of any kind, such as a large pretrained encoder, and several: then the mean of what they say is taught.
/// The result is as small and fast as the config makes it. Values of the config can be set from outside as in `ner train`, also
/// those of [distillation], such as --distillation.batch_words 500; the README says what they mean.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pipelines that teach, with commas between: each a directory, a Python package, or the name of one.
    #[arg(value_parser = teachers)]
    teacher: Teachers,
    /// The config of the pipeline that learns, .toml, .cfg or .json; - reads it from stdin.
    #[arg(value_parser = path::existing_or_dash())]
    config: PathBuf,
    /// Texts of the kind that the pipeline is meant for: .txt with a text a line, or any file or folder that `ner convert`
    /// reads, whose annotation is ignored.
    #[arg(required = true, value_parser = path::existing())]
    raw: Vec<PathBuf>,
    /// Directory for model-best and model-last, and for training.html, which shows the run.
    #[arg(short, long)]
    output: PathBuf,
    /// Go on with the run that was stopped or killed in the output directory, to the same result; begin it if there is none.
    #[arg(long)]
    resume: bool,
    /// A JSON file that maps labels of the teachers to those of the training data, or to "" to count their entities as
    /// outside.
    #[arg(long, value_name = "FILE")]
    label_map: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

#[derive(Clone)]
struct Teachers(Vec<PathBuf>);

fn teachers(text: &str) -> Result<Teachers, Infallible> {
    Ok(Teachers(text.split(',').map(PathBuf::from).collect()))
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let mut words = overrides.to_vec();
    words.extend(args.label_map.iter().map(|file| format!("--distillation.label_map={}", file.display())));
    let config = config_file::complete_with(&args.config, &words, registry, Document::with_distillation)?;
    into(Some(&args.output), || {
        let device = args.device.open()?;
        let options = LoadOptions { only_predict: true, ..LoadOptions::default() };
        let load = |place: &PathBuf| -> anyhow::Result<(PathBuf, Pipeline)> {
            let files = model::open(place)?;
            Ok((place.clone(), Pipeline::from_files(files, &options, registry, &device)?))
        };
        let teachers = args.teacher.0.iter().map(load).collect::<anyhow::Result<_>>()?;
        let options = DistillOptions { teachers, raw: args.raw.clone() };
        let output: Option<&Path> = Some(&args.output);
        follow(output, args.resume, |output, console, interrupted| {
            ner_training::distill(&config, options, registry, &device, output, console, interrupted)
        })
    })
}
