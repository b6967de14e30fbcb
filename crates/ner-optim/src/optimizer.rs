use std::collections::HashMap;

use crate::arithmetic::{self, Factors, Moments};
use crate::error::OptimError;
use crate::rule::Step;
use crate::settings::Settings;

/// The caller's name for a parameter, the same from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterKey(pub u64);

impl ParameterKey {
    fn check_length(self, what: &'static str, found: usize, weights: &[f32]) -> Result<(), OptimError> {
        let expected = weights.len();
        if found == expected {
            Ok(())
        } else {
            Err(OptimError::LengthMismatch { key: self.0, what, found, expected })
        }
    }
}

/// A parameter, for one step of all parameters.
#[derive(Debug)]
pub struct ParameterUpdate<'a> {
    /// Which parameter it is.
    pub key: ParameterKey,
    /// Its weights, which the step moves.
    pub weights: &'a mut [f32],
    /// Its gradient, which the step sets to zero. None if nothing of this step reached the parameter: then momentum
    /// and weight decay go on if it ever had a gradient, else nothing happens.
    pub gradient: Option<&'a mut [f32]>,
}

/// Adam, RAdam or plain gradient descent, with what it remembers of each parameter.
#[derive(Debug)]
pub struct Optimizer {
    settings: Settings,
    memories: HashMap<ParameterKey, Memory>,
}

/// What an optimiser remembers of a parameter.
#[derive(Debug)]
struct Memory {
    n_updates: u32,
    n_weights: usize,
    moments: Option<Moments>,
    averages: Option<Vec<f32>>,
}

impl Optimizer {
    pub(crate) fn new(settings: Settings) -> Optimizer {
        Optimizer { settings, memories: HashMap::new() }
    }

    /// The learning rate of the current step.
    pub fn learn_rate(&self) -> f64 {
        self.settings.learn_rate.value()
    }

    /// Goes on to the next value of every setting that has a schedule; to be called once after each step.
    pub fn step_schedules(&mut self) {
        self.settings.step();
    }

    /// Moves each parameter by one step.
    ///
    /// # Errors
    /// Those of [`Optimizer::update`]; parameters before the one at fault have moved by then.
    pub fn update_all(&mut self, updates: &mut [ParameterUpdate<'_>]) -> Result<(), OptimError> {
        for ParameterUpdate { key, weights, gradient } in updates {
            match gradient {
                Some(gradient) => self.update(*key, weights, gradient)?,
                None if self.memories.contains_key(key) => {
                    self.update(*key, weights, &mut vec![0.0; weights.len()])?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Moves one parameter by one step and sets its gradient to zero.
    ///
    /// # Errors
    /// If the weights, the gradient, and the weights of earlier steps with this key differ in length.
    pub fn update(
        &mut self,
        key: ParameterKey,
        weights: &mut [f32],
        gradient: &mut [f32],
    ) -> Result<(), OptimError> {
        key.check_length("gradient values", gradient.len(), weights)?;
        let memory = self.memories.entry(key).or_insert_with(|| Memory::new(weights.len()));
        key.check_length("weights in earlier steps", memory.n_weights, weights)?;
        memory.update(&self.settings, weights, gradient);
        Ok(())
    }

    /// Whether moving averages of the weights are kept.
    pub fn keeps_averages(&self) -> bool {
        self.settings.use_averages
    }

    /// The moving average of a parameter's weights, if averages are kept and it was ever updated.
    pub fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.memories.get(&key)?.averages.as_deref()
    }

    /// Exchanges a parameter's weights with their moving average and says whether there is one. The same call undoes
    /// it; no step may come in between.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps.
    pub fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        let Some(averages) = self.memories.get_mut(&key).and_then(|memory| memory.averages.as_mut()) else {
            return Ok(false);
        };
        key.check_length("averages", averages.len(), weights)?;
        averages.swap_with_slice(weights);
        Ok(true)
    }
}

impl Memory {
    fn new(n_weights: usize) -> Memory {
        Memory { n_updates: 0, n_weights, moments: None, averages: None }
    }

    fn update(&mut self, settings: &Settings, weights: &mut [f32], gradient: &mut [f32]) {
        self.n_updates += 1;
        let penalty = settings.gradient_penalty();
        if penalty != 0.0 {
            arithmetic::add_scaled(gradient, penalty, weights);
        }
        self.step(settings, weights, gradient);
        if settings.use_averages {
            let averages = self.averages.get_or_insert_with(|| vec![0.0; weights.len()]);
            arithmetic::average(averages, 1.0 - average_decay(self.n_updates), weights);
        }
    }

    fn step(&mut self, settings: &Settings, weights: &mut [f32], gradient: &mut [f32]) {
        let clip = clip_factor(gradient, settings.grad_clip.value() as f32);
        let factors = |rate| Factors { clip, rate, weight_decay: settings.weight_decay() };
        match Step::new(settings, self.n_updates) {
            Step::Gradient { rate } => arithmetic::step_by_gradient(factors(rate), weights, gradient),
            Step::Momentum { rate, decays } => {
                self.moments().step(factors(rate), decays, weights, gradient, |first, _| first);
            }
            Step::Adaptive { rate, decays, eps } => {
                let direction = |first, second: f32| first / (second.sqrt() + eps);
                self.moments().step(factors(rate), decays, weights, gradient, direction);
            }
        }
    }

    fn moments(&mut self) -> &mut Moments {
        self.moments.get_or_insert_with(|| Moments::zeros(self.n_weights))
    }
}

/// The factor that brings a gradient's norm down to `limit`; a limit of 0 is none.
fn clip_factor(gradient: &[f32], limit: f32) -> f32 {
    if limit == 0.0 {
        return 1.0;
    }
    let norm = arithmetic::norm(gradient);
    if norm >= limit { limit / norm } else { 1.0 }
}

/// How much of the average stays at update number `n_updates`: little at first, so that it follows the early changes.
fn average_decay(n_updates: u32) -> f32 {
    let n_updates = f64::from(n_updates);
    (((1.0 + n_updates) / (10.0 + n_updates)) as f32).min(0.9999)
}
