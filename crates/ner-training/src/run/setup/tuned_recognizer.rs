use ner_config::{ConfigError, TrainingConfig};
use ner_pipeline::Pipeline;

use crate::TrainingError;

/// The recogniser whose score of the action "out" is tuned: the one that learns. `None` if none is to be tuned.
pub(in crate::run) fn tuned_recognizer(
    settings: &TrainingConfig,
    pipeline: &Pipeline,
) -> Result<Option<String>, TrainingError> {
    if settings.tune_out_bias != Some(true) {
        return Ok(None);
    }
    let path = "training.tune_out_bias".to_owned();
    let wrong = |message| Err(ConfigError::Value { path, message }.into());
    let learns = |name: &&String| !settings.frozen_components.contains(*name);
    let recognizers = pipeline
        .components()
        .iter()
        .filter(|(_, component)| component.finds_entities() && component.is_trainable());
    let names: Vec<&String> = recognizers.map(|(name, _)| name).filter(learns).collect();
    let [name] = names[..] else {
        let found = match names.len() {
            0 => "none".to_owned(),
            _ => names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
        };
        return wrong(format!(
            "expected one recogniser that learns, found {found}: set it to false, or freeze the others (training.frozen_components)"
        ));
    };
    if !settings.score_weights.values().flatten().any(|weight| *weight > 0.0) {
        return wrong(
            "expected a weight above 0 in training.score_weights, by which the bias is chosen".to_owned(),
        );
    }
    Ok(Some(name.clone()))
}
