//! Checks of a config that need no corpus.

use ner_config::{ConfigError, TrainingConfig};
use ner_optim::Optimizer;
use ner_pipeline::{Pipeline, PipelineError, SkippedComponent};

use crate::TrainingError;

pub(super) fn check_settings(settings: &TrainingConfig) -> Result<(), TrainingError> {
    let wrong = |key, message| Err(TrainingError::Setting { key, message });
    if settings.eval_frequency == 0 {
        return wrong("eval_frequency", "expected at least 1, found 0");
    }
    if settings.max_epochs < -1 {
        return wrong(
            "max_epochs",
            "expected a number of epochs, 0 for any number, or -1 to stream the corpus",
        );
    }
    // With a dropout of 1 nothing would be kept, and the scale of the rest would be 1 / 0.
    if !(0.0..1.0).contains(&settings.dropout) {
        return wrong("dropout", "expected a share of at least 0 and less than 1");
    }
    if settings.accumulate_gradient == 0 {
        return wrong("accumulate_gradient", "expected at least 1, found 0");
    }
    // Refused, not ignored: a callback that silently does not run would give another pipeline than the config
    // says.
    if settings.before_to_disk.is_some() || settings.before_update.is_some() {
        return wrong("before_to_disk and before_update", "expected null: there are no such callbacks");
    }
    Ok(())
}

/// Every group of the optimiser is a component of the pipeline.
pub(super) fn check_groups(optimizer: &dyn Optimizer, pipeline: &Pipeline) -> Result<(), TrainingError> {
    let names: Vec<&str> = pipeline.components().iter().map(|(name, _)| name.as_ref()).collect();
    Ok(optimizer.check_groups(&names).map_err(PipelineError::from)?)
}

pub(super) fn check_components(settings: &TrainingConfig, pipeline: &Pipeline) -> Result<(), TrainingError> {
    // Only a source can have brought one: a factory that is not known is refused when the config is filled.
    let skipped = pipeline.components().iter().filter_map(|(name, component)| {
        let skipped = component.downcast_ref::<SkippedComponent>()?;
        Some(format!("{name} ({})", skipped.factory()))
    });
    let skipped: Vec<String> = skipped.collect();
    if !skipped.is_empty() {
        let message = format!(
            "not known here, and not trained, frozen or not: {}; take them out of nlp.pipeline and train the others \
             alone: `ner assemble` puts them together afterwards",
            skipped.join(", ")
        );
        return Err(ConfigError::Value { path: "nlp.pipeline".to_owned(), message }.into());
    }
    for (key, names) in [
        ("frozen_components", &settings.frozen_components),
        ("annotating_components", &settings.annotating_components),
    ] {
        if let Some(name) = names.iter().find(|name| !pipeline.components().contains_key(name.as_str())) {
            let known = pipeline.components().keys().cloned().collect();
            return Err(TrainingError::UnknownComponent { key, name: name.clone(), known });
        }
    }
    Ok(())
}
