use std::path::Path;

use ner_config::{Document, InitOptions, Optimize, init_config};
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_evaluation::{Evaluation, Evaluator};
use ner_pipeline::Pipeline;
use ner_training::{
    DistillOptions, EventSink, Output, TrainingEvent, TrainingReport, UpdateOptions, UpdateReport,
};

use crate::{Error, builtin, default_device};

/// Opens a pipeline that spaCy or this library wrote: a directory, or a Python package of one (`.whl`, `.tar.gz`, or the
/// folder of an installed one).
///
/// Components of kinds that are not known here are skipped with a warning; [`Pipeline::from_files`] has options.
///
/// # Errors
/// If there is no pipeline, or its files or its config are wrong.
pub fn load(path: &Path) -> Result<Pipeline, Error> {
    Ok(Pipeline::load(path, &builtin().registry(), &default_device()?)?)
}

/// The config of a recogniser for a language, such as `en`, as `ner init config --optimize efficiency` writes it. It
/// trains once `paths.train` and `paths.dev` are set.
///
/// # Errors
/// If there is no language with this code.
pub fn new_config(lang: &str) -> Result<Document, Error> {
    let options = InitOptions {
        lang: lang.to_owned(),
        pipeline: vec!["ner".to_owned()],
        optimize: Optimize::Efficiency,
        vectors: None,
        gpu: false,
        encoder: None,
        pretraining: false,
    };
    Ok(init_config(&options, &builtin().registry())?)
}

/// Trains the pipeline of a config, which is filled with defaults, and writes `model-best`, `model-last` and a checkpoint
/// into `output`, from which [`Output::resuming`] goes on.
///
/// Between steps `interrupted` is asked whether to stop; then the last weights are saved as `model-last`.
///
/// # Errors
/// If the config is wrong, a corpus cannot be read or holds no example, an example cannot be learned from, or a directory
/// cannot be written.
pub fn train(
    config: &Document,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, Error> {
    let registry = builtin().registry();
    let config = config.fill(&registry)?;
    Ok(ner_training::train(&config, &registry, &default_device()?, output, sink, interrupted)?)
}

/// Trains the pipeline of a config as [`train`] does, and lets it learn from other pipelines on raw text as well; see
/// [`DistillOptions`]. The config's section `[distillation]` is filled with defaults.
///
/// # Errors
/// Those of [`train`], and if the labels of the pipelines do not fit or a raw file has no word.
pub fn distill(
    config: &Document,
    options: DistillOptions,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, Error> {
    let (registry, device) = (builtin().registry(), default_device()?);
    let config = config.with_distillation().fill(&registry)?;
    Ok(ner_training::distill(&config, options, &registry, &device, output, sink, interrupted)?)
}

/// Lets a trained pipeline learn from a few documents, also labels that are new, while it keeps what it knows; see
/// [`UpdateOptions`]. Returns the pipeline that has learned, and what became of its labels.
///
/// `work` is a folder for the files of the run. A loop of one's own is made of [`Pipeline::resume_training`],
/// [`Pipeline::update`], [`Pipeline::rehearse`] and [`Pipeline::finish_update`].
///
/// # Errors
/// If the data cannot be read or hold no entity, or their labels are not those that were announced as new.
pub fn update(
    pipeline: Pipeline,
    options: &UpdateOptions,
    work: &Path,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<(Pipeline, UpdateReport), Error> {
    let (registry, device) = (builtin().registry(), default_device()?);
    Ok(ner_training::update(pipeline, options, &registry, &device, work, sink, interrupted)?)
}

/// Ignores all reports of a training run.
#[derive(Clone, Copy, Debug)]
pub struct NoReports;

impl EventSink for NoReports {
    fn event(&mut self, _: &TrainingEvent) {}
}

/// Examples that are in memory at a time.
const N_EXAMPLES: usize = 8192;

/// Measures a pipeline on annotated data: a file of any format that is read, or a directory of `.spacy` files.
///
/// # Errors
/// If the data cannot be read, or its texts are not those of its tokens.
pub fn evaluate(pipeline: &Pipeline, data: &Path) -> Result<Evaluation, Error> {
    let corpus = Corpus::new(data, "data");
    // Nothing draws from it: a corpus without an augmenter reads in order.
    let random = SharedRandom::new(0);
    let mut examples = corpus.examples(pipeline.tokenizer(), &random);
    let mut evaluator = Evaluator::new(pipeline);
    loop {
        let part: Result<Vec<Example>, _> = examples.by_ref().take(N_EXAMPLES).collect();
        let mut part = part?;
        if part.is_empty() {
            return Ok(evaluator.finish());
        }
        evaluator.add(&mut part)?;
    }
}
