use ner_config::{Builder, ConfigError, NumberOrBlock};

use crate::error::OptimError;
use crate::rule::Rule;
use crate::schedule::Schedule;

/// What the optimisers have in common; they differ in rule and defaults.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) rule: Rule,
    pub(crate) learn_rate: Rate,
    pub(crate) l2: Rate,
    pub(crate) beta1: Rate,
    pub(crate) beta2: Rate,
    pub(crate) eps: Rate,
    pub(crate) grad_clip: Rate,
    pub(crate) l2_is_weight_decay: bool,
    pub(crate) use_averages: bool,
}

impl Settings {
    /// Goes on to the next value of each setting.
    pub(crate) fn step(&mut self) {
        let Settings { learn_rate, l2, beta1, beta2, eps, grad_clip, .. } = self;
        for rate in [learn_rate, l2, beta1, beta2, eps, grad_clip] {
            rate.step();
        }
    }

    /// The part by which weights shrink at each step.
    pub(crate) fn weight_decay(&self) -> f32 {
        if self.l2_is_weight_decay { (self.learn_rate.value() * self.l2.value()) as f32 } else { 0.0 }
    }

    /// How much of the weights is added to their gradient.
    pub(crate) fn gradient_penalty(&self) -> f32 {
        if self.l2_is_weight_decay { 0.0 } else { self.l2.value() as f32 }
    }
}

/// A setting's value at the current step, and how it goes on.
#[derive(Debug)]
pub(crate) struct Rate {
    value: f64,
    schedule: Schedule,
}

impl Rate {
    /// The setting that `argument` describes, at its first value.
    pub(crate) fn build(
        setting: &'static str,
        argument: &NumberOrBlock,
        builder: &Builder,
    ) -> Result<Rate, ConfigError> {
        let mut schedule = Schedule::build(argument, builder)?;
        let value = schedule.next().ok_or_else(|| builder.failed(OptimError::EmptySchedule { setting }))?;
        Ok(Rate { value, schedule })
    }

    pub(crate) fn value(&self) -> f64 {
        self.value
    }

    /// Goes on to the next value; after the end of the schedule the last one stays.
    pub(crate) fn step(&mut self) {
        self.value = self.schedule.next().unwrap_or(self.value);
    }
}
