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
    let follows_gold = settings.use_gold_spans.unwrap_or_default();
    if follows_gold {
        supervision.exploration = 0.0;
    }
    if let Some(weights) = &settings.label_weights {
        check_weights(weights, pipeline)?;
        supervision.label_weights = Arc::new(weights.clone());
    }
    let warms_up = settings.exploration_warmup.is_some_and(|n_steps| n_steps > 0);
    if follows_gold && warms_up {
        let message =
            "expected none beside use_gold_spans = true, with which nothing is ever explored".to_owned();
        return Err(ConfigError::Value { path: "training.exploration_warmup".to_owned(), message }.into());
    }
    let is_changed = follows_gold || warms_up || !supervision.label_weights.is_empty();
    if is_changed && let Some(name) = learns_from_beams(settings, pipeline) {
        let message = format!(
            "expected 0 beside training.use_gold_spans, exploration_warmup and label_weights: they are about single states, \
             and {name}, with a beam, learns from whole sequences of actions"
        );
        return Err(
            ConfigError::Value { path: format!("components.{name}.beam_update_prob"), message }.into()
        );
    }
    pipeline.set_supervision(&supervision);
    Ok(())
}

/// How often states follow the model's own action at this step, if that changes: in a straight line from never, at the
/// first step, to always.
///
/// With its first weights a model leaves the gold at once, and what it learns of the states where it is then is of no use to
/// the model that it is going to be (the mixing coefficient of DAgger: Ross, Gordon and Bagnell, AISTATS 2011).
pub(in crate::run) fn exploration(settings: &TrainingConfig, step: usize) -> Option<f64> {
    let n_steps = settings.exploration_warmup.filter(|n_steps| step <= *n_steps)?;
    Some(if n_steps == 0 { 1.0 } else { step as f64 / n_steps as f64 })
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
