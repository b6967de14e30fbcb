use burn::tensor::Device;
use ner_config::{Document, Kind, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_pipeline::Pipeline;

use crate::TrainingError;
use crate::callbacks::InitializeCallbacks;

/// Corpora of a complete config as a run would read them, by the paths of their blocks, for those who look at them before
/// there is a run. Augmenters draw from a generator of their own for each corpus, with the seed of the config.
///
/// # Errors
/// If the config is wrong, or a corpus cannot be read or holds no example.
pub fn read_corpora(
    config: &Document,
    paths: &[&str],
    registry: &Registry,
    device: &Device,
) -> Result<Vec<Vec<Example>>, TrainingError> {
    let located = |error| match error {
        TrainingError::Config(error) => config.locate(error).into(),
        other => other,
    };
    read(config, paths, registry, device).map_err(located)
}

fn read(
    config: &Document,
    paths: &[&str],
    registry: &Registry,
    device: &Device,
) -> Result<Vec<Vec<Example>>, TrainingError> {
    let mut pipeline = Pipeline::from_config(config, registry, device)?;
    let config = pipeline.config().resolve()?;
    InitializeCallbacks::of(&config, registry)?.before_init(&mut pipeline)?;
    let seed = config.section::<TrainingConfig>("training")?.seed;
    let corpus = |path: &&str| {
        let source: Box<dyn ExampleSource> = registry.build(Kind::Readers, &config.block(path)?)?;
        let random = SharedRandom::new(seed);
        let examples = source.examples(pipeline.tokenizer(), &random);
        let examples: Vec<Example> = examples.collect::<Result<_, _>>()?;
        match examples.is_empty() {
            true => Err(TrainingError::NoExamples { corpus: (*path).to_owned() }),
            false => Ok(examples),
        }
    };
    paths.iter().map(corpus).collect()
}
