//! Steps by what a parameter is in a pretrained encoder: lower rates in the encoder and downwards in it, no weight decay where
//! it does no good.

use ner_config::{Block, Builder, ConfigError, Kind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::OptimError;
use crate::optimizer::{Optimizer, ParameterKey, ParameterUpdate};
use crate::role::{ParameterRole, StepScale};
use crate::saved_optimizer::SavedOptimizer;

/// An optimiser whose steps depend on where in a pretrained encoder a parameter is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FineTuningConfig {
    /// The optimiser that makes the steps.
    pub optimizer: Block,
    /// The learning rate of the encoder's last layer, as a multiple of the optimiser's rate, at which all learns that is no
    /// part of an encoder.
    #[serde(default = "one")]
    pub encoder_factor: f64,
    /// The rate of a layer of the encoder, as a multiple of the rate of the layer above it.
    #[serde(default = "one")]
    pub layer_decay: f64,
    /// Whether L2 regularisation applies to biases and normalisations too.
    #[serde(default = "yes")]
    pub decay_biases_and_norms: bool,
}

// spaCy: one rate for all, and weight decay on everything; so do the defaults.
fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

/// Builds an optimiser that hands each parameter on with the scale of its steps.
pub(crate) fn fine_tuning(
    config: FineTuningConfig,
    builder: &Builder,
) -> Result<Box<dyn Optimizer>, ConfigError> {
    let FineTuningConfig { optimizer, encoder_factor, layer_decay, decay_biases_and_norms } = config;
    if !(encoder_factor.is_finite() && encoder_factor >= 0.0) {
        let message = format!("expected a factor of the learning rate, 0 or more, found {encoder_factor}");
        return Err(builder.invalid("encoder_factor", message));
    }
    if !(layer_decay > 0.0 && layer_decay <= 1.0) {
        let message = format!("expected a factor, more than 0 and at most 1, found {layer_decay}");
        return Err(builder.invalid("layer_decay", message));
    }
    let optimizer: Box<dyn Optimizer> = builder.build(Kind::Optimizers, &optimizer)?;
    if !optimizer.scales_steps() {
        let message = "expected an optimiser that can scale the steps of single parameters, such as Adam.v1";
        return Err(builder.invalid("optimizer", message.to_owned()));
    }
    Ok(Box::new(FineTuning { optimizer, encoder_factor, layer_decay, decay_biases_and_norms }))
}

/// Scales the steps of another optimiser.
#[derive(Debug)]
struct FineTuning {
    optimizer: Box<dyn Optimizer>,
    encoder_factor: f64,
    layer_decay: f64,
    decay_biases_and_norms: bool,
}

impl FineTuning {
    /// Layer-wise learning rate decay: rate * decay^(layers above), as in ULMFiT (Howard and Ruder, 2018, section 3.2, with
    /// 1/2.6) and ELECTRA (Clark et al., 2020, table 7, with 0.8 or 0.9; there the last layer is one below the classifier, and
    /// has one factor more, which is `encoder_factor` here).
    fn scale(&self, role: ParameterRole) -> StepScale {
        // Beyond any network's depth the power is 0 all the same.
        let in_encoder = |layers_above: usize| {
            self.encoder_factor * self.layer_decay.powi(i32::try_from(layers_above).unwrap_or(i32::MAX))
        };
        StepScale {
            learn_rate: role.layers_above.map_or(1.0, in_encoder),
            l2: if role.is_bias_or_norm && !self.decay_biases_and_norms { 0.0 } else { 1.0 },
        }
    }
}

impl Optimizer for FineTuning {
    /// That of the parameters which are no part of an encoder.
    fn learn_rate(&self) -> f64 {
        self.optimizer.learn_rate()
    }

    fn step_schedules(&mut self) {
        self.optimizer.step_schedules();
    }

    fn plan(&mut self, n_steps: Option<usize>) -> Result<(), OptimError> {
        self.optimizer.plan(n_steps)
    }

    fn check(&self, updates: &[ParameterUpdate<'_>]) -> Result<(), OptimError> {
        self.optimizer.check(updates)
    }

    fn update_all(&mut self, mut updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        for update in &mut updates {
            let StepScale { learn_rate, l2 } = self.scale(update.role);
            update.scale.learn_rate *= learn_rate;
            update.scale.l2 *= l2;
        }
        self.optimizer.update_all(updates)
    }

    fn scales_steps(&self) -> bool {
        true
    }

    fn apply_deferred(
        &mut self,
        key: ParameterKey,
        weights: &mut [f32],
        rows: &[u32],
    ) -> Result<(), OptimError> {
        self.optimizer.apply_deferred(key, weights, rows)
    }

    fn apply_all_deferred(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<(), OptimError> {
        self.optimizer.apply_all_deferred(key, weights)
    }

    fn keeps_averages(&self) -> bool {
        self.optimizer.keeps_averages()
    }

    fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.optimizer.averages(key)
    }

    fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.optimizer.swap_averages(key, weights)
    }

    fn check_groups(&self, components: &[&str]) -> Result<(), OptimError> {
        self.optimizer.check_groups(components)
    }

    /// That of the optimiser inside: there is nothing else to remember.
    fn save(&self, keys: &[ParameterKey]) -> SavedOptimizer {
        self.optimizer.save(keys)
    }

    fn restore(&mut self, keys: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        self.optimizer.restore(keys, saved)
    }
}
