use ner_config::{Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::averaging::Averaging;
use super::config::{self, AdamConfig};
use super::settings::Algorithm;
use crate::optimizer::Optimizer;

/// Rectified Adam (Liu et al., 2020): Adam with shorter steps while the squared gradient's average rests on few steps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RAdamConfig {
    /// The learning rate.
    pub learn_rate: NumberOrBlock,
    /// The part of the gradient's moving average that stays at each step.
    pub beta1: NumberOrBlock,
    /// The part of the squared gradient's moving average that stays at each step.
    pub beta2: NumberOrBlock,
    /// Added to the divisor, the root of the squared gradient's average, which may be 0.
    pub eps: NumberOrBlock,
    /// The strength of L2 regularisation.
    #[serde(rename = "L2")]
    pub l2: NumberOrBlock,
    /// Whether `L2` shrinks the weights themselves, or is a penalty whose gradient is added to that of the loss.
    #[serde(rename = "L2_is_weight_decay")]
    pub l2_is_weight_decay: bool,
    /// The largest norm of a parameter's gradient; longer ones are scaled down to it. 0 means no limit.
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
    // Field by field and not flattened from AdamConfig: Thinc lists the arguments in another order, which filled configs
    // show.
    let RAdamConfig { learn_rate, beta1, beta2, eps, l2, l2_is_weight_decay, grad_clip, use_averages } =
        config;
    let config =
        AdamConfig { learn_rate, l2, beta1, beta2, eps, grad_clip, l2_is_weight_decay, use_averages };
    config::build(Algorithm::RAdam, config, Averaging::thinc(use_averages), builder)
}
