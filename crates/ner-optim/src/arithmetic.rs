//! The passes over a parameter's numbers, in f32 and in Thinc's order of operations.

/// Moving averages of a gradient (`first`) and of its square (`second`).
#[derive(Debug)]
pub(crate) struct Moments {
    pub(crate) first: Vec<f32>,
    pub(crate) second: Vec<f32>,
}

impl Moments {
    pub(crate) fn zeros(len: usize) -> Moments {
        Moments { first: vec![0.0; len], second: vec![0.0; len] }
    }

    /// Takes in the gradient, moves the weights against `direction(first, second)`, and sets the gradient to zero.
    #[inline]
    pub(crate) fn step(
        &mut self,
        factors: Factors,
        decays: Decays,
        weights: &mut [f32],
        gradient: &mut [f32],
        direction: impl Fn(f32, f32) -> f32,
    ) {
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, slope), (first, second)) in weights.iter_mut().zip(gradient).zip(moments) {
            let clipped = *slope * factors.clip;
            *first = *first * decays.keep_first + clipped * decays.add_first;
            *second = *second * decays.keep_second + decays.add_second * (clipped * clipped);
            *weight = factors.moved(*weight, direction(*first, *second));
            *slope = 0.0;
        }
    }
}

/// How fast moments forget, and how much of a new gradient they take in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decays {
    pub(crate) keep_first: f32,
    pub(crate) add_first: f32,
    pub(crate) keep_second: f32,
    pub(crate) add_second: f32,
}

/// The factors of one step for one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Factors {
    /// What the gradient is multiplied with before use.
    pub(crate) clip: f32,
    /// The step's length.
    pub(crate) rate: f32,
    /// The part by which weights shrink after the step.
    pub(crate) weight_decay: f32,
}

impl Factors {
    #[inline]
    fn moved(self, weight: f32, direction: f32) -> f32 {
        let weight = weight - self.rate * direction;
        weight - self.weight_decay * weight
    }
}

/// Moves against the gradient, and sets it to zero.
pub(crate) fn step_by_gradient(factors: Factors, weights: &mut [f32], gradient: &mut [f32]) {
    for (weight, slope) in weights.iter_mut().zip(gradient) {
        *weight = factors.moved(*weight, *slope * factors.clip);
        *slope = 0.0;
    }
}

/// Adds `factor` * weights to the gradient.
pub(crate) fn add_scaled(gradient: &mut [f32], factor: f32, weights: &[f32]) {
    for (slope, &weight) in gradient.iter_mut().zip(weights) {
        *slope += factor * weight;
    }
}

/// Moves the averages towards the weights by `part` of the way.
pub(crate) fn average(averages: &mut [f32], part: f32, weights: &[f32]) {
    for (average, &weight) in averages.iter_mut().zip(weights) {
        *average -= part * (*average - weight);
    }
}

/// The Euclidean norm, summed in an order that depends on nothing but the length.
pub(crate) fn norm(values: &[f32]) -> f32 {
    let sum: f64 = values.chunks(BLOCK).map(|block| f64::from(squared_norm(block))).sum();
    sum.sqrt() as f32
}

/// So many values are summed in f32 before f64 takes over.
const BLOCK: usize = 2048;
const LANES: usize = 32;

fn squared_norm(block: &[f32]) -> f32 {
    let (chunks, rest) = block.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value * value;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|value| value * value).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_of_long_and_odd_lengths_are_exact_to_rounding() {
        for len in [0, 1, 31, 32, 33, BLOCK - 1, BLOCK, BLOCK + 1, 100_003] {
            let values: Vec<f32> = (0..len).map(|i| (i % 7) as f32 - 3.0).collect();
            let expected = values.iter().map(|value| f64::from(value * value)).sum::<f64>().sqrt();
            assert_eq!(norm(&values), expected as f32, "{len} values");
        }
    }
}
