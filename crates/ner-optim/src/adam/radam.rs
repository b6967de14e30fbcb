use ner_config::{Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::config::{self, AdamConfig};
use super::settings::Algorithm;
use crate::optimizer::Optimizer;

/// Rectified Adam (Liu et al., 2020): as Adam, with cautious steps while the squared gradient is little known.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RAdamConfig {
    /// The length of a step.
    pub learn_rate: NumberOrBlock,
    /// How slowly the mean of the gradient forgets.
    pub beta1: NumberOrBlock,
    /// How slowly the mean of the squared gradient forgets.
    pub beta2: NumberOrBlock,
    /// Keeps the division by the root of the squared gradient finite.
    pub eps: NumberOrBlock,
    /// How much weights are drawn to zero.
    #[serde(rename = "L2")]
    pub l2: NumberOrBlock,
    /// Whether `L2` shrinks the weights themselves, or is added to the gradient.
    #[serde(rename = "L2_is_weight_decay")]
    pub l2_is_weight_decay: bool,
    /// The largest norm of a parameter's gradient; longer ones are shortened. 0 is no limit.
    pub grad_clip: NumberOrBlock,
    /// Whether to keep a moving average of the weights, for use in evaluation.
    pub use_averages: bool,
}

impl Default for RAdamConfig {
    fn default() -> RAdamConfig {
        let AdamConfig { learn_rate, l2, beta1, beta2, eps, grad_clip, l2_is_weight_decay, use_averages } =
            AdamConfig::default();
        RAdamConfig { learn_rate, beta1, beta2, eps, l2, l2_is_weight_decay, grad_clip, use_averages }
    }
}

/// Builds RAdam.
pub(crate) fn radam(config: RAdamConfig, builder: &Builder) -> Result<Box<dyn Optimizer>, ConfigError> {
    let RAdamConfig { learn_rate, beta1, beta2, eps, l2, l2_is_weight_decay, grad_clip, use_averages } =
        config;
    let config =
        AdamConfig { learn_rate, l2, beta1, beta2, eps, grad_clip, l2_is_weight_decay, use_averages };
    config::build(Algorithm::RAdam, config, builder)
}
