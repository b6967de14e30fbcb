use std::iter;

use ner_config::{Block, Builder, ConfigError, Kind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::schedule::Schedule;

/// The same value at all steps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConstantConfig {
    /// The value.
    pub rate: f64,
}

pub(crate) fn constant(config: ConstantConfig, _: &Builder) -> Result<Schedule, ConfigError> {
    Ok(Schedule::constant(config.rate))
}

/// The same value for some steps, then another schedule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConstantThenConfig {
    /// The first value.
    pub rate: f64,
    /// The number of steps that have it.
    pub steps: usize,
    /// The schedule that follows.
    pub schedule: Block,
}

pub(crate) fn constant_then(config: ConstantThenConfig, builder: &Builder) -> Result<Schedule, ConfigError> {
    let after: Schedule = builder.build(Kind::Schedules, &config.schedule)?;
    Ok(Schedule::new(iter::repeat_n(config.rate, config.steps).chain(after)))
}

/// Each value is the one before times a factor, until a limit is reached.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompoundingConfig {
    /// The first value.
    pub start: f64,
    /// The limit, above or below the start.
    pub stop: f64,
    /// The factor.
    pub compound: f64,
    /// Without effect, as in Thinc.
    #[serde(default)]
    pub t: f64,
}

pub(crate) fn compounding(config: CompoundingConfig, _: &Builder) -> Result<Schedule, ConfigError> {
    let CompoundingConfig { start, stop, compound, .. } = config;
    // As in Thinc the limit cuts what is given, not what is multiplied.
    let values = iter::successors(Some(start), move |value| Some(value * compound));
    Ok(Schedule::new(values.map(move |value| if start > stop { value.max(stop) } else { value.min(stop) })))
}

/// Falls as one divided by the step.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecayingConfig {
    /// The value at step 0.
    pub base_rate: f64,
    /// The rate of decay.
    pub decay: f64,
    /// The step to begin with.
    #[serde(default)]
    pub t: i64,
}

pub(crate) fn decaying(config: DecayingConfig, _: &Builder) -> Result<Schedule, ConfigError> {
    let DecayingConfig { base_rate, decay, t } = config;
    // spaCy: multiplied by the reciprocal rather than divided, which rounds differently (thinc/schedules.py).
    Ok(Schedule::new((t..).map(move |t| base_rate * (1.0 / (1.0 + decay * t as f64)))))
}

/// Rises from 0 to the given value, then falls to 0, in straight lines.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarmupLinearConfig {
    /// The highest value.
    pub initial_rate: f64,
    /// The step at which it is reached.
    pub warmup_steps: i64,
    /// The step from which on the value is 0.
    pub total_steps: i64,
}

pub(crate) fn warmup_linear(config: WarmupLinearConfig, _: &Builder) -> Result<Schedule, ConfigError> {
    let (warmup, total) = (config.warmup_steps as f64, config.total_steps as f64);
    let factor = move |step: f64| {
        if step < warmup { step / warmup } else { ((total - step) / (total - warmup).max(1.0)).max(0.0) }
    };
    Ok(Schedule::new(steps_from(0.0).map(move |step| factor(step) * config.initial_rate)))
}

/// Rises to the given value in a straight line, then falls to 0 as half a wave of the cosine (Loshchilov and Hutter, 2017).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarmupCosineConfig {
    /// The highest value.
    pub initial_rate: f64,
    /// The steps of the rise.
    pub warmup_steps: usize,
    /// The steps of rise and fall together, after which the value is 0; 0: as many as the run takes at most, which follow
    /// from `training.max_epochs` and `training.max_steps`.
    #[serde(default)]
    pub total_steps: usize,
}

pub(crate) fn warmup_cosine(config: WarmupCosineConfig, builder: &Builder) -> Result<Schedule, ConfigError> {
    let WarmupCosineConfig { initial_rate, warmup_steps, total_steps } = config;
    if (1..=warmup_steps).contains(&total_steps) {
        let message = format!(
            "found {total_steps}, expected more than the {warmup_steps} of warmup_steps, or 0 for as many as the run takes"
        );
        return Err(builder.invalid("total_steps", message));
    }
    let values = move |total_steps: usize| {
        // A short run is half rise and half fall, rather than all rise.
        let warmup = warmup_steps.min(total_steps / 2) as f64;
        let fall = total_steps as f64 - warmup;
        let factor = move |step: f64| {
            if step < warmup {
                // From 1, since a first step at rate 0 would be none.
                (step + 1.0) / warmup
            } else {
                0.5 * (1.0 + (std::f64::consts::PI * ((step - warmup) / fall).min(1.0)).cos())
            }
        };
        steps_from(0.0).map(move |step| factor(step) * initial_rate)
    };
    Ok(match total_steps {
        0 => Schedule::of_run(values),
        _ => Schedule::new(values(total_steps)),
    })
}

/// A short steep rise, then a long fall (Howard and Ruder, 2018). After `num_steps` it keeps falling, below 0.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlantedTriangularConfig {
    /// The highest value.
    pub max_rate: f64,
    /// The length of rise and fall together.
    pub num_steps: i64,
    /// The part of the steps that is rise.
    #[serde(default = "tenth")]
    pub cut_frac: f64,
    /// The highest value divided by the lowest.
    #[serde(default = "thirty_two")]
    pub ratio: i64,
    /// Without effect, as in Thinc.
    #[serde(default = "one")]
    pub decay: f64,
    /// The number of steps that count as done.
    #[serde(default)]
    pub t: f64,
}

fn tenth() -> f64 {
    0.1
}

fn thirty_two() -> i64 {
    32
}

fn one() -> f64 {
    1.0
}

pub(crate) fn slanted_triangular(
    config: SlantedTriangularConfig,
    builder: &Builder,
) -> Result<Schedule, ConfigError> {
    let SlantedTriangularConfig { max_rate, num_steps, cut_frac, ratio, .. } = config;
    let (cut, ratio) = ((num_steps as f64 * cut_frac).trunc(), ratio as f64);
    let fall = cut * (1.0 / cut_frac - 1.0);
    if cut == 0.0 || fall == 0.0 {
        let message =
            format!("{cut} of {num_steps} `num_steps` are rise, expected at least 1 of rise and of fall");
        return Err(builder.invalid("cut_frac", message));
    }
    // spaCy: Thinc counts steps from 1 here and in cyclic_triangular, from 0 elsewhere (thinc/schedules.py).
    let height = move |t: f64| if t < cut { t / cut } else { 1.0 - (t - cut) / fall };
    let values =
        steps_from(config.t + 1.0).map(move |t| max_rate * (1.0 + height(t) * (ratio - 1.0)) * (1.0 / ratio));
    Ok(Schedule::new(values))
}

/// Up and down between two values in straight lines, again and again (Smith, 2017).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CyclicTriangularConfig {
    /// The lowest value.
    pub min_lr: f64,
    /// The highest value.
    pub max_lr: f64,
    /// The number of steps from lowest to highest.
    pub period: i64,
}

pub(crate) fn cyclic_triangular(
    config: CyclicTriangularConfig,
    builder: &Builder,
) -> Result<Schedule, ConfigError> {
    let CyclicTriangularConfig { min_lr, max_lr, period } = config;
    if period < 1 {
        return Err(builder.invalid("period", format!("found {period}, expected at least 1 step")));
    }
    let period = period as f64;
    Ok(Schedule::new(steps_from(1.0).map(move |step| {
        let cycle = (1.0 + step / (2.0 * period)).floor();
        let distance = (step / period - 2.0 * cycle + 1.0).abs();
        min_lr + (max_lr - min_lr) * (1.0 - distance).max(0.0)
    })))
}

/// `first`, `first` + 1, `first` + 2 and so on.
fn steps_from(first: f64) -> impl Iterator<Item = f64> + Send {
    iter::successors(Some(first), |step| Some(step + 1.0))
}
