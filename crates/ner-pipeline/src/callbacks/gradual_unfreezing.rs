use std::collections::BTreeMap;

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Callback;
use crate::{Pipeline, TransformerComponent};

/// The name that stands for all components.
const ALL: &str = "*";

/// Leaves curated transformers as they are until some step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GradualUnfreezingConfig {
    /// The first step from which each learns, by component; `*` alone for all of them.
    target_pipes: BTreeMap<String, usize>,
}

/// `gradual_transformer_unfreezing.v1`
pub(crate) fn gradual_unfreezing(
    config: GradualUnfreezingConfig,
    builder: &Builder<'_>,
) -> Result<Callback, ConfigError> {
    let GradualUnfreezingConfig { target_pipes } = config;
    if target_pipes.is_empty() {
        return Err(builder
            .invalid("target_pipes", "expected a component and its step, as in {\"transformer\": 1000}"));
    }
    if target_pipes.contains_key(ALL) && target_pipes.len() > 1 {
        return Err(builder.invalid("target_pipes", "expected \"*\" alone, or names of components"));
    }
    let path = format!("{}.target_pipes", builder.path());
    // Before each step, whatever was before it: so a run that is resumed goes on as it would have.
    Ok(Callback::of_update(move |pipeline, update| {
        for (name, first_step) in &target_pipes {
            set_frozen(pipeline, name, update.step < *first_step)
                .map_err(|message| ConfigError::Value { path: path.clone(), message })?;
        }
        Ok::<_, ConfigError>(())
    }))
}

fn set_frozen(pipeline: &mut Pipeline, target: &str, frozen: bool) -> Result<(), String> {
    let mut is_found = false;
    for (name, component) in pipeline.components.iter_mut() {
        let transformer = component.downcast_mut::<TransformerComponent>();
        let transformer = transformer.filter(|transformer| transformer.is_frozen().is_some());
        if let Some(transformer) = transformer.filter(|_| target == ALL || name == target) {
            transformer.set_frozen(frozen);
            is_found = true;
        }
    }
    match is_found {
        true => Ok(()),
        false if target == ALL => Err("found no component of the factory curated_transformer".to_owned()),
        false => Err(format!("expected components of the factory curated_transformer, found {target:?}")),
    }
}
