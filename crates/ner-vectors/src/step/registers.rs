//! Rows that fill registers without a rest.

use pulp::Simd;

/// The product of two rows.
#[inline(always)]
pub(super) fn product<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let (a, _) = S::as_simd_f32s(a);
    let (b, _) = S::as_simd_f32s(b);
    // Two sums, since a multiply-add waits for the one before it on the same sum.
    let mut sums = [simd.splat_f32s(0.0); 2];
    let (a_pairs, a_rest) = a.as_chunks::<2>();
    let (b_pairs, b_rest) = b.as_chunks::<2>();
    for (a, b) in a_pairs.iter().zip(b_pairs) {
        sums[0] = simd.mul_add_f32s(a[0], b[0], sums[0]);
        sums[1] = simd.mul_add_f32s(a[1], b[1], sums[1]);
    }
    for (&a, &b) in a_rest.iter().zip(b_rest) {
        sums[0] = simd.mul_add_f32s(a, b, sums[0]);
    }
    simd.reduce_sum_f32s(simd.add_f32s(sums[0], sums[1]))
}

/// Adds a row times a factor to another one.
#[inline(always)]
pub(super) fn add_scaled<S: Simd>(simd: S, target: &mut [f32], factor: f32, row: &[f32]) {
    let (target, _) = S::as_mut_simd_f32s(target);
    let (row, _) = S::as_simd_f32s(row);
    let factor = simd.splat_f32s(factor);
    for (target, &value) in target.iter_mut().zip(row) {
        *target = simd.mul_add_f32s(factor, value, *target);
    }
}

/// Adds a row to another one.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, target: &mut [f32], row: &[f32]) {
    let (target, _) = S::as_mut_simd_f32s(target);
    let (row, _) = S::as_simd_f32s(row);
    for (target, &value) in target.iter_mut().zip(row) {
        *target = simd.add_f32s(*target, value);
    }
}
