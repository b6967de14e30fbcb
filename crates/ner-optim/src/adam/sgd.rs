use ner_config::{Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::averaging::Averaging;
use super::config::{self, AdamConfig};
use super::settings::Algorithm;
use crate::optimizer::Optimizer;

/// Plain gradient descent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SgdConfig {
    /// The learning rate.
    pub learn_rate: NumberOrBlock,
    /// The strength of L2 regularisation.
    #[serde(rename = "L2", default = "zero")]
    pub l2: NumberOrBlock,
    /// The largest norm of a parameter's gradient; longer ones are scaled down to it. 0 means no limit.
    #[serde(default = "one")]
    pub grad_clip: NumberOrBlock,
    /// Whether `L2` shrinks the weights themselves, or is a penalty whose gradient is added to that of the loss.
    #[serde(rename = "L2_is_weight_decay", default = "yes")]
    pub l2_is_weight_decay: bool,
    /// Whether to keep a moving average of the weights, for use in evaluation.
    #[serde(default = "yes")]
    pub use_averages: bool,
}

fn zero() -> NumberOrBlock {
    NumberOrBlock::Number(0.0)
}

fn one() -> NumberOrBlock {
    NumberOrBlock::Number(1.0)
}

fn yes() -> bool {
    true
}

/// Builds gradient descent: Adam without moments.
pub(crate) fn sgd(config: SgdConfig, builder: &Builder) -> Result<Box<dyn Optimizer>, ConfigError> {
    let SgdConfig { learn_rate, l2, grad_clip, l2_is_weight_decay, use_averages } = config;
    // spaCy: Thinc's SGD is its Adam with both betas at 0 (thinc/optimizers.py).
    let without = AdamConfig { beta1: zero(), beta2: zero(), ..AdamConfig::default() };
    let config = AdamConfig { learn_rate, l2, grad_clip, l2_is_weight_decay, use_averages, ..without };
    config::build(Algorithm::Sgd, config, Averaging::thinc(use_averages), builder)
}
