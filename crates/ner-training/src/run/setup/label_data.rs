use burn::tensor::Device;
use ner_config::{Document, Kind, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_pipeline::Pipeline;

use super::checks::{check_components, check_settings};
use super::labels;
use crate::TrainingError;
use crate::callbacks::InitializeCallbacks;
use crate::run::train_corpus::SAMPLE_SIZE;

/// What a label file of each component holds that a complete config trains, by name and in order: the labels of the
/// training corpus with their frequencies, or those of the label file that the config names. `None` for components
/// without labels.
///
/// # Errors
/// If the config is wrong, or the training corpus cannot be read or holds no example.
pub fn label_data(
    config: &Document,
    registry: &Registry,
    device: &Device,
) -> Result<Vec<(String, Option<serde_json::Value>)>, TrainingError> {
    let located = |error| match error {
        TrainingError::Config(error) => config.locate(error).into(),
        other => other,
    };
    read(config, registry, device).map_err(located)
}

fn read(
    config: &Document,
    registry: &Registry,
    device: &Device,
) -> Result<Vec<(String, Option<serde_json::Value>)>, TrainingError> {
    check_settings(&config.resolve()?.section("training")?)?;
    let mut pipeline = Pipeline::from_config(config, registry, device)?;
    let config = pipeline.config().resolve()?;
    let settings: TrainingConfig = config.section("training")?;
    check_components(&settings, &pipeline)?;
    let mut callbacks = InitializeCallbacks::of(&config, registry)?;
    callbacks.before_init(&mut pipeline)?;
    let labels = labels(&config, registry, &pipeline)?;
    let corpus = settings.train_corpus;
    let source: Box<dyn ExampleSource> = registry.build(Kind::Readers, &config.block(&corpus)?)?;
    // As at the start of a run: of a stream the first examples alone are looked at.
    let n_examples = if settings.max_epochs < 0 { SAMPLE_SIZE } else { usize::MAX };
    let random = SharedRandom::new(settings.seed);
    let examples = source.examples(pipeline.tokenizer(), &random).take(n_examples);
    let examples: Vec<Example> = examples.collect::<Result<_, _>>()?;
    if examples.is_empty() {
        return Err(TrainingError::NoExamples { corpus });
    }
    pipeline.initialize(&examples, &labels, settings.seed)?;
    callbacks.after_init(&mut pipeline)?;
    let components = pipeline.components().iter();
    Ok(components.map(|(name, component)| (name.clone(), component.label_data())).collect())
}
