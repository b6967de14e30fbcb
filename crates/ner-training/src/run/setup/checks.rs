//! Checks of a config that need no corpus.

use ner_config::{ConfigError, TrainingConfig};
use ner_model::SharedKind;
use ner_optim::Optimizer;
use ner_pipeline::{Pipeline, PipelineError};

use crate::TrainingError;

pub(in crate::run) fn check_settings(settings: &TrainingConfig) -> Result<(), TrainingError> {
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
    if settings.dev_split.is_some_and(|share| share <= 0.0 || share >= 1.0) {
        return wrong("dev_split", "expected a share of more than 0 and less than 1");
    }
    if settings.dev_split.is_some() && settings.max_epochs < 0 {
        return wrong(
            "dev_split",
            "expected none with max_epochs = -1: a stream is not held, so nothing can be set apart",
        );
    }
    if settings.shuffle_buffer.is_some_and(|size| size == 0 || settings.max_epochs >= 0) {
        return wrong(
            "shuffle_buffer",
            "expected at least 1 document, and max_epochs = -1: a corpus that is held is shuffled as a whole",
        );
    }
    if settings.augment_each_epoch == Some(true) && settings.max_epochs < 0 {
        return wrong(
            "augment_each_epoch",
            "expected none with max_epochs = -1: a stream is read anew in any case",
        );
    }
    if settings.augment_each_epoch == Some(true) && settings.dev_split.is_some() {
        return wrong(
            "augment_each_epoch",
            "expected none with dev_split: texts that are varied in another way would change sides",
        );
    }
    if settings.accumulate_gradient == 0 {
        return wrong("accumulate_gradient", "expected at least 1, found 0");
    }
    Ok(())
}

/// Every group of the optimiser is a component of the pipeline.
pub(in crate::run) fn check_groups(
    optimizer: &dyn Optimizer,
    pipeline: &Pipeline,
) -> Result<(), TrainingError> {
    let names: Vec<&str> = pipeline.components().iter().map(|(name, _)| name.as_ref()).collect();
    Ok(optimizer.check_groups(&names).map_err(PipelineError::from)?)
}

pub(in crate::run) fn check_components(
    settings: &TrainingConfig,
    pipeline: &Pipeline,
) -> Result<(), TrainingError> {
    for (key, names) in [
        ("frozen_components", &settings.frozen_components),
        ("annotating_components", &settings.annotating_components),
    ] {
        if let Some(name) = names.iter().find(|name| !pipeline.components().contains_key(name.as_str())) {
            let known = pipeline.components().keys().cloned().collect();
            return Err(TrainingError::UnknownComponent { key, name: name.clone(), known });
        }
    }
    check_skipped(settings, pipeline)?;
    check_frozen(settings, pipeline)
}

/// Fails if a component learns from a frozen transformer that does not annotate.
///
/// spaCy: E203. It holds for a frozen `tok2vec` too, which has always shared its vectors here all the same.
fn check_frozen(settings: &TrainingConfig, pipeline: &Pipeline) -> Result<(), TrainingError> {
    let TrainingConfig { frozen_components: frozen, annotating_components: annotating, .. } = settings;
    let is_fixed = |name: &String| frozen.contains(name) && !annotating.contains(name);
    let learning = pipeline.components().keys().filter(|name| !frozen.contains(name));
    for name in learning {
        let Some(upstream) = pipeline.upstream_of(name).map(str::to_owned) else { continue };
        let shared = pipeline.components()[&upstream].shares();
        if is_fixed(&upstream) && shared != Some(SharedKind::Tok2Vec) {
            let message = format!(
                "expected {upstream:?} in it: {name:?} learns from its vectors, and it is in frozen_components; add it, or \
                 take it out of frozen_components"
            );
            let path = "training.annotating_components".to_owned();
            return Err(ConfigError::Value { path, message }.into());
        }
    }
    Ok(())
}

/// Fails unless components of kinds that are not known here only come along. Sources bring them: a factory that is not
/// known is refused when the pipeline is made.
fn check_skipped(settings: &TrainingConfig, pipeline: &Pipeline) -> Result<(), TrainingError> {
    let frozen = &settings.frozen_components;
    let learning: Vec<&str> = pipeline
        .components()
        .keys()
        .filter(|name| !frozen.contains(name))
        .map(String::as_str)
        .filter(|name| pipeline.is_skipped(name))
        .collect();
    if !learning.is_empty() {
        let message = format!(
            "expected {} in it: components of kinds that are not known here can be kept as they are, but not trained; \
             add them, or drop them from nlp.pipeline",
            learning.join(", ")
        );
        return Err(ConfigError::Value { path: "training.frozen_components".to_owned(), message }.into());
    }
    if let Some(name) = settings.annotating_components.iter().find(|name| pipeline.is_skipped(name)) {
        let message = format!(
            "{name} is of a kind that is not known here, and cannot annotate; expected the list without it"
        );
        return Err(ConfigError::Value { path: "training.annotating_components".to_owned(), message }.into());
    }
    Ok(())
}
