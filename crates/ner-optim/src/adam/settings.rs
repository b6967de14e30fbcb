use std::collections::BTreeMap;

use ner_config::{Builder, ConfigError, NumberOrBlock};

use super::averaging::Averaging;
use crate::error::OptimError;
use crate::role::StepScale;
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

impl Algorithm {
    /// Its name in a saved state.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Algorithm::Adam => "Adam",
            Algorithm::RAdam => "RAdam",
            Algorithm::Sgd => "SGD",
        }
    }
}

/// The settings that may have a schedule, in the order of the fields below.
const NAMES: [&str; 6] = ["learn_rate", "L2", "beta1", "beta2", "eps", "grad_clip"];

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
    pub(crate) averaging: Averaging,
}

impl Settings {
    /// Advances each setting to its next value.
    pub(crate) fn step(&mut self) {
        for (_, setting) in self.scheduled_mut() {
            setting.step();
        }
    }

    /// Tells each schedule how many steps the run will take.
    pub(crate) fn plan(&mut self, n_steps: Option<usize>) -> Result<(), OptimError> {
        self.scheduled_mut().try_for_each(|(_, setting)| setting.plan(n_steps))
    }

    /// The place of each setting's schedule: how many values it has given.
    pub(crate) fn places(&self) -> BTreeMap<String, usize> {
        let Settings { learn_rate, l2, beta1, beta2, eps, grad_clip, .. } = self;
        let settings = NAMES.into_iter().zip([learn_rate, l2, beta1, beta2, eps, grad_clip]);
        settings.map(|(name, setting)| (name.to_owned(), setting.schedule.n_given())).collect()
    }

    /// Advances each setting's schedule to its place.
    pub(crate) fn advance_to(&mut self, places: &BTreeMap<String, usize>) -> Result<(), OptimError> {
        for (name, setting) in self.scheduled_mut() {
            let wrong = |problem: String| OptimError::state(format!("schedules.{name}"), problem);
            let place = places.get(name).ok_or_else(|| wrong("missing".to_owned()))?;
            setting.advance_to(*place).map_err(|error| wrong(error.to_string()))?;
        }
        Ok(())
    }

    fn scheduled_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut Scheduled)> {
        let Settings { learn_rate, l2, beta1, beta2, eps, grad_clip, .. } = self;
        NAMES.into_iter().zip([learn_rate, l2, beta1, beta2, eps, grad_clip])
    }

    /// The learning rate of a parameter.
    pub(crate) fn learn_rate(&self, scale: StepScale) -> f64 {
        self.learn_rate.value() * scale.learn_rate
    }

    /// The part by which weights shrink at each step.
    pub(crate) fn weight_decay(&self, scale: StepScale) -> f32 {
        // With the learning rate of the settings, not with the one that Adam corrects for bias; rounded to f32 once.
        if self.l2_is_weight_decay {
            (self.learn_rate(scale) * (self.l2.value() * scale.l2)) as f32
        } else {
            0.0
        }
    }

    /// The multiple of the weights that is added to their gradient.
    pub(crate) fn gradient_penalty(&self, scale: StepScale) -> f32 {
        if self.l2_is_weight_decay { 0.0 } else { (self.l2.value() * scale.l2) as f32 }
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
        // The first value is taken at once, so that a schedule without any is an error of the config.
        let mut schedule = Schedule::build(argument, builder)?;
        let value = schedule.next().ok_or_else(|| builder.failed(OptimError::EmptySchedule { setting }))?;
        Ok(Scheduled { value, schedule })
    }

    pub(crate) fn value(&self) -> f64 {
        self.value
    }

    /// Advances to the next value; after the end of the schedule the last one stays.
    pub(crate) fn step(&mut self) {
        // spaCy: Thinc's optimisers keep the last value of a generator that ends (thinc/optimizers.py).
        self.value = self.schedule.next().unwrap_or(self.value);
    }

    fn plan(&mut self, n_steps: Option<usize>) -> Result<(), OptimError> {
        self.value = self.schedule.plan(n_steps)?.unwrap_or(self.value);
        Ok(())
    }

    fn advance_to(&mut self, place: usize) -> Result<(), OptimError> {
        self.value = self.schedule.advance_to(place)?.unwrap_or(self.value);
        Ok(())
    }
}
