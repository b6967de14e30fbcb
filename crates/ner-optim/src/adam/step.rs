//! How long a step is and where it leads: the scalars of a step, in f64 and then rounded to f32, as Python's and NumPy's.

use serde::{Deserialize, Serialize};

use super::arithmetic::{Decays, Factors, ParameterSlice};
use super::settings::{Algorithm, Settings};
use crate::role::StepScale;

/// One step of one parameter: what it does to each of its weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) rule: Rule,
    /// The part of the way that moving averages go towards the weights.
    pub(crate) averaging: f32,
}

/// How a weight follows from its gradient and moments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Rule {
    /// Against the gradient.
    Gradient { factors: Factors },
    /// Against the first moment.
    Momentum { factors: Factors, decays: Decays },
    /// Against the first moment divided by the root of the second plus `eps`.
    Adaptive { factors: Factors, decays: Decays, eps: f32 },
}

impl Step {
    /// The step that `settings` ask for at a parameter's update number `n_updates`, counted from 1, with a gradient
    /// that is multiplied with `clip` before use.
    pub(crate) fn new(settings: &Settings, scale: StepScale, n_updates: u32, clip: f32) -> Step {
        let learn_rate = settings.learn_rate(scale);
        let factors = |rate| Factors { clip, rate, weight_decay: settings.weight_decay(scale) };
        let rule = match settings.algorithm {
            Algorithm::RAdam => radam(settings, learn_rate, n_updates, factors),
            Algorithm::Adam if settings.beta2.value() > 0.0 => adam(settings, learn_rate, n_updates, factors),
            // spaCy: without a second moment Thinc's Adam is gradient descent, whatever beta1 (thinc/optimizers.py).
            Algorithm::Adam | Algorithm::Sgd => Rule::Gradient { factors: factors(learn_rate as f32) },
        };
        Step { rule, averaging: settings.averaging.part(n_updates) }
    }

    /// Whether the step reads and writes the moments of its gradient.
    pub(crate) fn uses_moments(&self) -> bool {
        !matches!(self.rule, Rule::Gradient { .. })
    }

    /// Moves weights, moments and averages.
    #[inline(always)]
    pub(crate) fn apply(self, slice: &mut ParameterSlice<'_>, gradient: &[f32]) {
        match self.rule {
            Rule::Gradient { factors } => slice.descend(factors, gradient),
            Rule::Momentum { factors, decays } => slice.step(factors, decays, gradient, |first, _| first),
            Rule::Adaptive { factors, decays, eps } => {
                slice.step(factors, decays, gradient, |first, second| first / (second.sqrt() + eps));
            }
        }
        slice.average(self.averaging);
    }

    /// The same where the gradient is zero.
    #[inline(always)]
    pub(crate) fn apply_without_gradient(self, slice: &mut ParameterSlice<'_>) {
        match self.rule {
            Rule::Gradient { factors } => slice.decay(factors),
            Rule::Momentum { factors, decays } => {
                slice.step_without_gradient(factors, decays, |first, _| first);
            }
            Rule::Adaptive { factors, decays, eps } => {
                slice.step_without_gradient(factors, decays, |first, second| first / (second.sqrt() + eps));
            }
        }
        slice.average(self.averaging);
    }
}

/// Adam with its two corrections of the bias in one rate: a * sqrt(1 - b2^t) / (1 - b1^t) (Kingma and Ba, 2015, end of
/// section 2), so that moments need no correction weight by weight.
fn adam(settings: &Settings, learn_rate: f64, n_updates: u32, factors: impl Fn(f32) -> Factors) -> Rule {
    let (beta1, beta2) = (settings.beta1.value(), settings.beta2.value());
    let t = f64::from(n_updates);
    let rate = learn_rate * (1.0 - beta2.powf(t)).sqrt() / (1.0 - beta1.powf(t));
    let (keep_first, keep_second) = (beta1 as f32, beta2 as f32);
    // spaCy: Thinc's Adam takes 1 - beta in f32 (thinc/backends/numpy_ops.pyx), its RAdam in f64
    // (thinc/optimizers.py); the last bits differ.
    let decays =
        Decays { keep_first, add_first: 1.0 - keep_first, keep_second, add_second: 1.0 - keep_second };
    Rule::Adaptive { factors: factors(rate as f32), decays, eps: settings.eps.value() as f32 }
}

fn radam(settings: &Settings, learn_rate: f64, n_updates: u32, factors: impl Fn(f32) -> Factors) -> Rule {
    let (beta1, beta2) = (settings.beta1.value(), settings.beta2.value());
    let decays = Decays {
        keep_first: beta1 as f32,
        add_first: (1.0 - beta1) as f32,
        keep_second: beta2 as f32,
        add_second: (1.0 - beta2) as f32,
    };
    // spaCy: Thinc's RAdam counts updates from 2 (thinc/optimizers.py).
    let t = f64::from(n_updates) + 1.0;
    let rate = learn_rate / (1.0 - beta1.powf(t));
    match rectification(beta2, t) {
        Some(factor) => Rule::Adaptive {
            factors: factors((rate * factor) as f32),
            decays,
            eps: settings.eps.value() as f32,
        },
        None => Rule::Momentum { factors: factors(rate as f32), decays },
    }
}

/// The factor by which RAdam shortens an adaptive step; none while the second moment rests on too few gradients.
///
/// With p = `longest` = 2 / (1 - b2) - 1 and p_t = `length` = p - 2 t b2^t / (1 - b2^t), it is the root of
/// (p_t - 4) (p_t - 2) p / ((p - 4) (p - 2) p_t) (Liu et al., 2020, algorithm 2), here times the correction of the second
/// moment's bias, 1 - b2^t.
fn rectification(beta2: f64, t: f64) -> Option<f64> {
    let decayed = beta2.powf(t);
    let longest = 2.0 / (1.0 - beta2) - 1.0;
    let length = longest - 2.0 * t * decayed / (1.0 - decayed);
    let variance = (1.0 - decayed) * (length - 4.0) / (longest - 4.0) * (length - 2.0) / length * longest
        / (longest - 2.0);
    // The paper asks for more than 4, its authors' program for 5, since the length is an approximation.
    (length >= 5.0).then(|| variance.sqrt())
}
