use std::collections::BTreeMap;
use std::convert::Infallible;

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Callback;

/// Marks what each layer computes for the profiler of NVIDIA; without effect here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "without effect")]
pub(crate) struct ModelsWithNvtxRangeConfig {
    /// Colour of forward passes.
    #[serde(default = "no_colour")]
    forward_color: i64,
    /// Colour of backward passes.
    #[serde(default = "no_colour")]
    backprop_color: i64,
}

/// Marks what each layer and each method of a component computes for the profiler of NVIDIA; without effect here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "without effect")]
pub(crate) struct ModelsAndPipesWithNvtxRangeConfig {
    /// Colour of forward passes.
    #[serde(default = "no_colour")]
    forward_color: i64,
    /// Colour of backward passes.
    #[serde(default = "no_colour")]
    backprop_color: i64,
    /// Further methods of Python, by component.
    #[serde(default)]
    additional_pipe_functions: Option<BTreeMap<String, Vec<String>>>,
}

fn no_colour() -> i64 {
    -1
}

/// `spacy.models_with_nvtx_range.v1`
pub(crate) fn models_with_nvtx_range(
    _: ModelsWithNvtxRangeConfig,
    builder: &Builder<'_>,
) -> Result<Callback, ConfigError> {
    Ok(without_effect(builder))
}

/// `spacy.models_and_pipes_with_nvtx_range.v1`
pub(crate) fn models_and_pipes_with_nvtx_range(
    _: ModelsAndPipesWithNvtxRangeConfig,
    builder: &Builder<'_>,
) -> Result<Callback, ConfigError> {
    Ok(without_effect(builder))
}

fn without_effect(builder: &Builder<'_>) -> Callback {
    let path = builder.path();
    tracing::warn!("{path}: marks for the profiler of NVIDIA are not made here, so the block has no effect.");
    Callback::of_pipeline(|_| Ok::<_, Infallible>(()))
}
