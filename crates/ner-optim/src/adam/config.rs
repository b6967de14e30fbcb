use ner_config::{Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::averaging::Averaging;
use super::optimizer::Adam;
use super::settings::{Algorithm, Scheduled, Settings};
use crate::optimizer::Optimizer;

/// Adam (Kingma and Ba, 2015), with L2 regularisation as decoupled weight decay (Loshchilov and Hutter, 2019) or as a
/// penalty.
///
/// With a `beta2` of 0 it is plain gradient descent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdamConfig {
    /// The learning rate.
    pub learn_rate: NumberOrBlock,
    /// The strength of L2 regularisation.
    #[serde(rename = "L2")]
    pub l2: NumberOrBlock,
    /// The part of the gradient's moving average that stays at each step.
    pub beta1: NumberOrBlock,
    /// The part of the squared gradient's moving average that stays at each step.
    pub beta2: NumberOrBlock,
    /// Added to the divisor, the root of the squared gradient's average, which may be 0.
    pub eps: NumberOrBlock,
    /// The largest norm of a parameter's gradient; longer ones are scaled down to it. 0 means no limit.
    pub grad_clip: NumberOrBlock,
    /// Whether `L2` shrinks the weights themselves, or is a penalty whose gradient is added to that of the loss.
    #[serde(rename = "L2_is_weight_decay")]
    pub l2_is_weight_decay: bool,
    /// Whether to keep a moving average of the weights, for use in evaluation.
    pub use_averages: bool,
}

impl Default for AdamConfig {
    fn default() -> AdamConfig {
        AdamConfig {
            learn_rate: NumberOrBlock::Number(0.001),
            l2: NumberOrBlock::Number(0.0),
            beta1: NumberOrBlock::Number(0.9),
            beta2: NumberOrBlock::Number(0.999),
            eps: NumberOrBlock::Number(1e-8),
            grad_clip: NumberOrBlock::Number(1.0),
            l2_is_weight_decay: true,
            use_averages: true,
        }
    }
}

/// Builds Adam.
pub(crate) fn adam(config: AdamConfig, builder: &Builder) -> Result<Box<dyn Optimizer>, ConfigError> {
    let averaging = Averaging::thinc(config.use_averages);
    build(Algorithm::Adam, config, averaging, builder)
}

/// Builds the optimiser with these settings that follows `algorithm` and keeps such averages.
pub(crate) fn build(
    algorithm: Algorithm,
    config: AdamConfig,
    averaging: Averaging,
    builder: &Builder,
) -> Result<Box<dyn Optimizer>, ConfigError> {
    let scheduled = |setting, argument| Scheduled::build(setting, argument, builder);
    Ok(Box::new(Adam::new(Settings {
        algorithm,
        learn_rate: scheduled("learn_rate", &config.learn_rate)?,
        l2: scheduled("L2", &config.l2)?,
        beta1: scheduled("beta1", &config.beta1)?,
        beta2: scheduled("beta2", &config.beta2)?,
        eps: scheduled("eps", &config.eps)?,
        grad_clip: scheduled("grad_clip", &config.grad_clip)?,
        l2_is_weight_decay: config.l2_is_weight_decay,
        averaging,
    })))
}
