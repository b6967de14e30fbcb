use pulp::Simd;

/// Numbers that fill a register, or not quite.
#[inline(always)]
pub(crate) fn load<S: Simd>(simd: S, numbers: &[f32]) -> S::f32s {
    match S::as_simd_f32s(numbers) {
        (&[full], _) => full,
        (_, part) => simd.partial_load_f32s(part),
    }
}

/// Writes as much of a register as there is room for. To write a full one as a part would cost a call.
#[inline(always)]
pub(crate) fn store<S: Simd>(simd: S, numbers: &mut [f32], values: S::f32s) {
    match S::as_mut_simd_f32s(numbers) {
        ([full], _) => *full = values,
        (_, part) => simd.partial_store_f32s(part, values),
    }
}
