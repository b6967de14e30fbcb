use burn::tensor::Device;
use ner_config::{Document, Registry};
use ner_pipeline::Pipeline;

use super::{MemoryPlan, Parts, check_settings, labels};
use crate::TrainingError;
use crate::callbacks::InitializeCallbacks;

/// Makes the pipeline of a complete config, and says what its training will need.
///
/// # Errors
/// If the config is wrong, or the training corpus cannot be read or holds no example.
pub fn memory_plan(
    config: &Document,
    registry: &Registry,
    device: &Device,
) -> Result<MemoryPlan, TrainingError> {
    plan(config, registry, device).map_err(|error| match error {
        TrainingError::Config(error) => config.locate(error).into(),
        other => other,
    })
}

fn plan(given: &Document, registry: &Registry, device: &Device) -> Result<MemoryPlan, TrainingError> {
    check_settings(&given.resolve()?.section("training")?)?;
    let mut pipeline = Pipeline::from_config(given, registry, device)?;
    let config = pipeline.config().resolve()?;
    InitializeCallbacks::of(&config, registry)?.before_init(&mut pipeline)?;
    let parts = Parts::read(&config, registry, &mut pipeline, None)?;
    let labels = labels(&config, registry, &pipeline)?;
    let sample = parts.corpora.sample(&parts.settings)?;
    pipeline.initialize(&sample, &labels, parts.settings.seed)?;
    Ok(MemoryPlan::of(&mut pipeline, &parts.settings, &sample))
}
