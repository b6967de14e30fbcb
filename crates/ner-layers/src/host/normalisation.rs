use pulp::Simd;

/// Thinc's epsilon, added to the variance before the root is taken. PyTorch's is a thousand times larger; a row of zeros
/// stays zeros with either.
pub(crate) const EPSILON: f32 = 1e-8;

/// Brings a row to mean 0 and variance 1, in place; returns the factor of its scaling, which the backward pass needs.
#[inline(always)]
pub(crate) fn normalise<S: Simd>(simd: S, row: &mut [f32]) -> f32 {
    let count = row.len() as f32;
    let mean = sum(simd, row) / count;
    // The variance is taken of the centred values: as mean of squares less square of the mean it would lose the digits
    // of rows far from zero.
    row.iter_mut().for_each(|value| *value -= mean);
    let scale = 1.0 / (dot(simd, row, row) / count + EPSILON).sqrt();
    row.iter_mut().for_each(|value| *value *= scale);
    scale
}

/// Turns the gradient of a normalised row into that of the row before normalisation, in place. Mean and variance depend on
/// all values of the row, so that the gradient loses its mean and its part along the normalised row.
#[cfg(feature = "flex")]
#[inline(always)]
pub(crate) fn normalise_backward<S: Simd>(simd: S, gradient: &mut [f32], normalised: &[f32], scale: f32) {
    let count = gradient.len() as f32;
    let mean = sum(simd, gradient) / count;
    let slope = dot(simd, gradient, normalised) / count;
    for (gradient, normalised) in gradient.iter_mut().zip(normalised) {
        *gradient = (*gradient - mean - normalised * slope) * scale;
    }
}

/// The sum of a row.
///
/// Here as in [`dot`], one register of partial sums takes the rest of the row first. More registers would not wait for each
/// other, but add up in another order, round otherwise, and so change what a training run learns in its last digits.
#[inline(always)]
fn sum<S: Simd>(simd: S, values: &[f32]) -> f32 {
    let (head, tail) = S::as_simd_f32s(values);
    let mut sum = simd.partial_load_f32s(tail);
    for &values in head {
        sum = simd.add_f32s(sum, values);
    }
    simd.reduce_sum_f32s(sum)
}

/// The scalar product of two rows of the same length.
#[inline(always)]
fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_tail), (b, b_tail)) = (S::as_simd_f32s(a), S::as_simd_f32s(b));
    let mut sum = simd.mul_f32s(simd.partial_load_f32s(a_tail), simd.partial_load_f32s(b_tail));
    for (&a, &b) in a.iter().zip(b) {
        sum = simd.mul_add_f32s(a, b, sum);
    }
    simd.reduce_sum_f32s(sum)
}
