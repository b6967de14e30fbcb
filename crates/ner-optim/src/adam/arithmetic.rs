//! The passes over a parameter's numbers, in f32 and in Thinc's order of operations.
//!
//! Each pass is one loop over slices of equal length without a branch, which the compiler turns into vector instructions
//! of the width that `Arch::dispatch` chose above it; hence `inline(always)`. A sum in another order, or a fused
//! multiplication and addition, would round otherwise and lead training away from spaCy's runs.

use serde::{Deserialize, Serialize};

/// Some of a parameter's weights, with the moments and the average of each; what is not kept is empty.
#[derive(Debug, Default)]
pub(crate) struct ParameterSlice<'a> {
    pub(crate) weights: &'a mut [f32],
    pub(crate) first: &'a mut [f32],
    pub(crate) second: &'a mut [f32],
    pub(crate) averages: &'a mut [f32],
}

impl<'a> ParameterSlice<'a> {
    /// Takes the first `n` weights away.
    #[inline(always)]
    pub(crate) fn split_off(&mut self, n: usize) -> ParameterSlice<'a> {
        ParameterSlice {
            weights: take(&mut self.weights, n),
            first: take(&mut self.first, n),
            second: take(&mut self.second, n),
            averages: take(&mut self.averages, n),
        }
    }

    /// Adds the gradient to the moments, and moves the weights against `direction(first, second)`:
    /// m = b1 m + (1 - b1) g and v = b2 v + (1 - b2) g^2 (Kingma and Ba, 2015, algorithm 1).
    #[inline(always)]
    pub(crate) fn step(
        &mut self,
        factors: Factors,
        decays: Decays,
        gradient: &[f32],
        direction: impl Fn(f32, f32) -> f32,
    ) {
        let moments = self.first.iter_mut().zip(&mut *self.second);
        for ((weight, slope), (first, second)) in self.weights.iter_mut().zip(gradient).zip(moments) {
            // Clipped here instead of in a pass of its own, which would read and write the gradient once more.
            let clipped = slope * factors.clip;
            *first = *first * decays.keep_first + clipped * decays.add_first;
            *second = *second * decays.keep_second + decays.add_second * (clipped * clipped);
            *weight = factors.moved(*weight, direction(*first, *second));
        }
    }

    /// The same where the gradient is zero.
    #[inline(always)]
    pub(crate) fn step_without_gradient(
        &mut self,
        factors: Factors,
        decays: Decays,
        direction: impl Fn(f32, f32) -> f32,
    ) {
        // Terms with a gradient of zero are left out, which leaves the bits as they are but for the sign of a zero.
        let moments = self.first.iter_mut().zip(&mut *self.second);
        for (weight, (first, second)) in self.weights.iter_mut().zip(moments) {
            *first *= decays.keep_first;
            *second *= decays.keep_second;
            *weight = factors.moved(*weight, direction(*first, *second));
        }
    }

    /// Moves the weights against the gradient.
    #[inline(always)]
    pub(crate) fn descend(&mut self, factors: Factors, gradient: &[f32]) {
        for (weight, slope) in self.weights.iter_mut().zip(gradient) {
            *weight = factors.moved(*weight, slope * factors.clip);
        }
    }

    /// The same where the gradient is zero.
    #[inline(always)]
    pub(crate) fn decay(&mut self, factors: Factors) {
        // Without momentum only the decay is left.
        self.weights.iter_mut().for_each(|weight| *weight = factors.moved(*weight, 0.0));
    }

    /// Moves the averages towards the weights by `part` of the way.
    #[inline(always)]
    pub(crate) fn average(&mut self, part: f32) {
        for (average, &weight) in self.averages.iter_mut().zip(&*self.weights) {
            // Thinc's form of d average + (1 - d) weight, which rounds differently.
            *average -= part * (*average - weight);
        }
    }
}

/// Takes the first `n` numbers, of which there are none if none are kept.
#[inline(always)]
pub(crate) fn take<'a>(rest: &mut &'a mut [f32], n: usize) -> &'a mut [f32] {
    // The slice is moved out and put back, since a part of it is to live longer than the borrow of `rest`.
    let all = std::mem::take(rest);
    let (taken, others) = all.split_at_mut(n.min(all.len()));
    *rest = others;
    taken
}

/// How fast moments forget, and how much of a new gradient they take in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Decays {
    pub(crate) keep_first: f32,
    pub(crate) add_first: f32,
    pub(crate) keep_second: f32,
    pub(crate) add_second: f32,
}

/// The factors of one step for one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Factors {
    /// What the gradient is multiplied with before use.
    pub(crate) clip: f32,
    /// The step's length.
    pub(crate) rate: f32,
    /// The part by which weights shrink after the step.
    pub(crate) weight_decay: f32,
}

impl Factors {
    #[inline(always)]
    fn moved(self, weight: f32, direction: f32) -> f32 {
        // Decay apart from the gradient (Loshchilov and Hutter, 2019).
        // spaCy: it takes its part of the weight after the step, not before (thinc/optimizers.py).
        let weight = weight - self.rate * direction;
        weight - self.weight_decay * weight
    }
}
