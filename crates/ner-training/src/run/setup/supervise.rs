//! How the config wants components to be taught.

use std::sync::Arc;

use indexmap::IndexMap;
use ner_config::{ConfigError, Kind, Registry, TrainingConfig};
use ner_pipeline::{EntityRecognizer, Pipeline, Supervision};
use ner_transitions::Objective;

use crate::TrainingError;

/// Gives the objective and the switches of the config to all components of an initialised pipeline.
pub(in crate::run) fn supervise(
    settings: &TrainingConfig,
    registry: &Registry,
    pipeline: &mut Pipeline,
) -> Result<(), TrainingError> {
    let mut supervision = Supervision::default();
    if let Some(block) = &settings.objective {
        let objective: Box<dyn Objective> = registry.build(Kind::Objectives, block)?;
        supervision.objective = Arc::from(objective);
    }
    supervision.use_gold_spans = settings.use_gold_spans.unwrap_or_default();
    if let Some(weights) = &settings.label_weights {
        check_weights(weights, pipeline)?;
        supervision.label_weights = Arc::new(weights.clone());
    }
    let is_changed = supervision.use_gold_spans || !supervision.label_weights.is_empty();
    if is_changed && let Some(name) = learns_from_beams(settings, pipeline) {
        let message = format!(
            "expected 0 beside training.use_gold_spans and training.label_weights: they are about single states, and \
             {name}, with a beam, learns from whole sequences of actions"
        );
        return Err(
            ConfigError::Value { path: format!("components.{name}.beam_update_prob"), message }.into()
        );
    }
    pipeline.set_supervision(&supervision);
    Ok(())
}

fn check_weights(weights: &IndexMap<String, f32>, pipeline: &Pipeline) -> Result<(), TrainingError> {
    let known: Vec<String> = recognizers(pipeline).flat_map(|(_, found)| found.actions().labels()).collect();
    for (label, weight) in weights {
        let path = format!("training.label_weights.{label}");
        if !known.contains(label) {
            let message = format!("no component learns this label; expected one of {}", known.join(", "));
            return Err(ConfigError::Value { path, message }.into());
        }
        if !weight.is_finite() || *weight <= 0.0 {
            let message = format!("expected a number above 0, found {weight}");
            return Err(ConfigError::Value { path, message }.into());
        }
    }
    Ok(())
}

/// A component that learns with a beam in some of its updates.
fn learns_from_beams<'a>(settings: &TrainingConfig, pipeline: &'a Pipeline) -> Option<&'a str> {
    let learning = recognizers(pipeline)
        .filter(|(name, _)| !settings.frozen_components.iter().any(|frozen| frozen == name));
    let with_beam = |(_, recognizer): &(&str, &EntityRecognizer)| {
        recognizer.settings().beam_width > 1 && recognizer.settings().beam_update_prob > 0.0
    };
    learning.into_iter().find(with_beam).map(|(name, _)| name)
}

fn recognizers(pipeline: &Pipeline) -> impl Iterator<Item = (&str, &EntityRecognizer)> {
    let components = pipeline.components().iter();
    components.filter_map(|(name, component)| Some((name.as_str(), component.downcast_ref()?)))
}
