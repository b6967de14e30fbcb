use ner_config::{Builder, ConfigError, NumberOrBlock};

use crate::error::OptimError;
use crate::schedule::Schedule;

/// How steps follow from gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// Kingma and Ba, 2015.
    Adam,
    /// Liu et al., 2020.
    RAdam,
    /// Gradient descent.
    Sgd,
}

/// The settings that the three algorithms share.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) algorithm: Algorithm,
    pub(crate) learn_rate: Scheduled,
    pub(crate) l2: Scheduled,
    pub(crate) beta1: Scheduled,
    pub(crate) beta2: Scheduled,
    pub(crate) eps: Scheduled,
    pub(crate) grad_clip: Scheduled,
    pub(crate) l2_is_weight_decay: bool,
    pub(crate) use_averages: bool,
}

impl Settings {
    /// Advances each setting to its next value.
    pub(crate) fn step(&mut self) {
        let Settings { learn_rate, l2, beta1, beta2, eps, grad_clip, .. } = self;
        for setting in [learn_rate, l2, beta1, beta2, eps, grad_clip] {
            setting.step();
        }
    }

    /// The part by which weights shrink at each step.
    pub(crate) fn weight_decay(&self) -> f32 {
        if self.l2_is_weight_decay { (self.learn_rate.value() * self.l2.value()) as f32 } else { 0.0 }
    }

    /// The multiple of the weights that is added to their gradient.
    pub(crate) fn gradient_penalty(&self) -> f32 {
        if self.l2_is_weight_decay { 0.0 } else { self.l2.value() as f32 }
    }
}

/// A setting's value at the current step, and the schedule of those that follow.
#[derive(Debug)]
pub(crate) struct Scheduled {
    value: f64,
    schedule: Schedule,
}

impl Scheduled {
    /// The setting that `argument` describes, at its first value.
    pub(crate) fn build(
        setting: &'static str,
        argument: &NumberOrBlock,
        builder: &Builder,
    ) -> Result<Scheduled, ConfigError> {
        let mut schedule = Schedule::build(argument, builder)?;
        let value = schedule.next().ok_or_else(|| builder.failed(OptimError::EmptySchedule { setting }))?;
        Ok(Scheduled { value, schedule })
    }

    pub(crate) fn value(&self) -> f64 {
        self.value
    }

    /// Advances to the next value; after the end of the schedule the last one stays.
    pub(crate) fn step(&mut self) {
        self.value = self.schedule.next().unwrap_or(self.value);
    }
}
