use burn::tensor::Device;
use ner_config::{Document, Kind, Registry, TrainingConfig};
use ner_corpus::reader::ExampleSource;
use ner_optim::Optimizer;
use ner_pipeline::Pipeline;
use ner_transitions::Objective;

use super::checks::{check_components, check_groups, check_settings};
use super::tuned_recognizer;
use crate::callbacks::TrainingCallbacks;
use crate::{Batcher, TrainingError};

/// Builds the pipeline of a complete config and what `[training]` names, as a run does before it reads a corpus, for those who
/// plan many runs and would learn of a wrong value after hours otherwise.
///
/// # Errors
/// Those with which a run would end there.
pub fn check_config(config: &Document, registry: &Registry, device: &Device) -> Result<(), TrainingError> {
    let located = |error| match error {
        TrainingError::Config(error) => config.locate(error).into(),
        other => other,
    };
    check(config, registry, device).map_err(located)
}

fn check(config: &Document, registry: &Registry, device: &Device) -> Result<(), TrainingError> {
    check_settings(&config.resolve()?.section("training")?)?;
    let pipeline = Pipeline::from_config(config, registry, device)?;
    let config = pipeline.config().resolve()?;
    let settings: TrainingConfig = config.section("training")?;
    check_components(&settings, &pipeline)?;
    tuned_recognizer(&settings, &pipeline)?;
    TrainingCallbacks::of(&settings, registry)?;
    let optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
    check_groups(&*optimizer, &pipeline)?;
    let _: Box<dyn Batcher> = registry.build(Kind::Batchers, &settings.batcher)?;
    if let Some(objective) = &settings.objective {
        let _: Box<dyn Objective> = registry.build(Kind::Objectives, objective)?;
    }
    let dev = settings.dev_split.is_none().then_some(&settings.dev_corpus);
    for corpus in [&settings.train_corpus].into_iter().chain(dev) {
        let _: Box<dyn ExampleSource> = registry.build(Kind::Readers, &config.block(corpus)?)?;
    }
    Ok(())
}
