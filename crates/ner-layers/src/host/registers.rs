use pulp::{Arch, Simd, WithSimd};

use super::aligned::LINE;

/// How many numbers fill a register of this machine: 16 with AVX-512, 8 with AVX2, 4 with NEON, 1 without any of them.
///
/// Weights are laid out for this width before a kernel runs, and the kernel takes it from `S::F32_LANES`. Both are the
/// same, since pulp asks the processor once and dispatches to the same `S` ever after.
pub(crate) fn n_lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;

        fn with_simd<S: Simd>(self, _: S) -> usize {
            const { assert!(S::F32_LANES <= LINE, "a register is no longer than a line of Aligned") };
            S::F32_LANES
        }
    }
    Arch::new().dispatch(Lanes)
}

/// Numbers that fill a register, or fewer, with zeros behind them.
#[inline(always)]
pub(crate) fn load<S: Simd>(simd: S, numbers: &[f32]) -> S::f32s {
    debug_assert!(numbers.len() <= S::F32_LANES, "the numbers before the last part would be lost");
    match S::as_simd_f32s(numbers) {
        (&[full], _) => full,
        (_, part) => simd.partial_load_f32s(part),
    }
}

/// Writes as many numbers of a register as the slice holds.
#[inline(always)]
pub(crate) fn store<S: Simd>(simd: S, numbers: &mut [f32], values: S::f32s) {
    debug_assert!(numbers.len() <= S::F32_LANES, "only the last part would be written");
    match S::as_mut_simd_f32s(numbers) {
        ([full], _) => *full = values,
        // Also right for a full register, but it would cost a call there.
        (_, part) => simd.partial_store_f32s(part, values),
    }
}
