//! How long a step is and where it leads: the scalars of a step, in f64 and then rounded to f32.

use crate::arithmetic::{Decays, Factors};
use crate::settings::Settings;

/// How weights follow from gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Kingma and Ba, 2015. Where `beta2` is 0, plain gradient descent.
    Adam,
    /// Liu et al., 2020.
    RAdam,
}

/// One step of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
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
    pub(crate) fn new(settings: &Settings, n_updates: u32, clip: f32) -> Step {
        let factors = |rate| Factors { clip, rate, weight_decay: settings.weight_decay() };
        match settings.rule {
            Rule::RAdam => radam(settings, n_updates, factors),
            Rule::Adam if settings.beta2.value() > 0.0 => adam(settings, n_updates, factors),
            Rule::Adam => Step::Gradient { factors: factors(settings.learn_rate.value() as f32) },
        }
    }
}

fn adam(settings: &Settings, n_updates: u32, factors: impl Fn(f32) -> Factors) -> Step {
    let (beta1, beta2) = (settings.beta1.value(), settings.beta2.value());
    let t = f64::from(n_updates);
    let rate = settings.learn_rate.value() * (1.0 - beta2.powf(t)).sqrt() / (1.0 - beta1.powf(t));
    let (keep_first, keep_second) = (beta1 as f32, beta2 as f32);
    let decays =
        Decays { keep_first, add_first: 1.0 - keep_first, keep_second, add_second: 1.0 - keep_second };
    Step::Adaptive { factors: factors(rate as f32), decays, eps: settings.eps.value() as f32 }
}

fn radam(settings: &Settings, n_updates: u32, factors: impl Fn(f32) -> Factors) -> Step {
    let (beta1, beta2) = (settings.beta1.value(), settings.beta2.value());
    let decays = Decays {
        keep_first: beta1 as f32,
        add_first: (1.0 - beta1) as f32,
        keep_second: beta2 as f32,
        add_second: (1.0 - beta2) as f32,
    };
    // spaCy: Thinc's RAdam counts updates from 2.
    let t = f64::from(n_updates) + 1.0;
    let rate = settings.learn_rate.value() / (1.0 - beta1.powf(t));
    match rectification(beta2, t) {
        Some(factor) => Step::Adaptive {
            factors: factors((rate * factor) as f32),
            decays,
            eps: settings.eps.value() as f32,
        },
        None => Step::Momentum { factors: factors(rate as f32), decays },
    }
}

/// The factor by which RAdam shortens an adaptive step; none while the second moment rests on too few gradients.
fn rectification(beta2: f64, t: f64) -> Option<f64> {
    let decayed = beta2.powf(t);
    let longest = 2.0 / (1.0 - beta2) - 1.0;
    let length = longest - 2.0 * t * decayed / (1.0 - decayed);
    let variance = (1.0 - decayed) * (length - 4.0) / (longest - 4.0) * (length - 2.0) / length * longest
        / (longest - 2.0);
    (length >= 5.0).then(|| variance.sqrt())
}
