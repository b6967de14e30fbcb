use ner_config::{Builder, ConfigError, NumberOrBlock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::averaging::Averaging;
use super::config::{self, AdamConfig};
use super::settings::Algorithm;
use crate::optimizer::Optimizer;

/// Adam with a moving average of the weights that reaches back equally far in all steps.
///
/// The average that spaCy's optimisers keep reaches back over a ninth of all steps so far: over 110 of the first thousand,
/// and over the whole rise of the rate where that takes half of the run. One with a decay of 0.998 reaches back 500 steps,
/// which are three to seven epochs of 60,000 to 120,000 words.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DecayingAveragesConfig {
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
    /// The part of the weights' moving average that stays at each step, for use in evaluation: at least 0, with which the
    /// average is the last step, and less than 1.
    pub average_decay: f64,
}

impl Default for DecayingAveragesConfig {
    fn default() -> DecayingAveragesConfig {
        let AdamConfig { learn_rate, l2, beta1, beta2, eps, grad_clip, l2_is_weight_decay, .. } =
            AdamConfig::default();
        let average_decay = 0.998;
        DecayingAveragesConfig {
            learn_rate,
            l2,
            beta1,
            beta2,
            eps,
            grad_clip,
            l2_is_weight_decay,
            average_decay,
        }
    }
}

/// Builds Adam with such averages.
pub(crate) fn decaying_averages(
    config: DecayingAveragesConfig,
    builder: &Builder,
) -> Result<Box<dyn Optimizer>, ConfigError> {
    let DecayingAveragesConfig {
        learn_rate,
        l2,
        beta1,
        beta2,
        eps,
        grad_clip,
        l2_is_weight_decay,
        average_decay,
    } = config;
    if !(0.0..1.0).contains(&average_decay) {
        let message = format!(
            "found {average_decay}, expected at least 0 and less than 1, such as 0.998 for a run of 1000 steps or more"
        );
        return Err(builder.invalid("average_decay", message));
    }
    let config = AdamConfig {
        learn_rate,
        l2,
        beta1,
        beta2,
        eps,
        grad_clip,
        l2_is_weight_decay,
        ..AdamConfig::default()
    };
    config::build(Algorithm::Adam, config, Averaging::Decaying(average_decay), builder)
}
