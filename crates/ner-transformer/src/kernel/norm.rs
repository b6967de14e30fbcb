use super::numeric::{dot, sum};

/// Brings a row to mean 0 and variance 1, in place; returns the factor of its scaling, which the backward pass needs.
#[inline(always)]
pub(crate) fn normalise(row: &mut [f32], epsilon: f32) -> f32 {
    let count = row.len() as f32;
    let mean = sum(row) / count;
    // The variance is taken of the centred values: as mean of squares less square of the mean it would lose the digits
    // of rows far from zero.
    for value in row.iter_mut() {
        *value -= mean;
    }
    let scale = 1.0 / (dot(row, row) / count + epsilon).sqrt();
    for value in row.iter_mut() {
        *value *= scale;
    }
    scale
}

/// Turns the gradient of a normalised row into that of the row before normalisation, in place. Mean and variance depend on
/// all values of the row, so that the gradient loses its mean and its part along the normalised row.
#[inline(always)]
pub(crate) fn normalise_backward(gradient: &mut [f32], normalised: &[f32], scale: f32) {
    let count = gradient.len() as f32;
    let mean = sum(gradient) / count;
    let slope = dot(gradient, normalised) / count;
    for (gradient, normalised) in gradient.iter_mut().zip(normalised) {
        *gradient = (*gradient - mean - normalised * slope) * scale;
    }
}
