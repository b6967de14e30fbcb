//! A word against one of its context and the words drawn against that.

use pulp::Simd;

use super::local::LocalRows;
use super::registers::{add_scaled, product};

/// Takes a step of `rate` against the loss `-log(sigmoid(h.o)) - sum(log(sigmoid(-h.n)))` of a hidden vector `h`, the output
/// row `o` of the context, which is the first of `slots`, and those `n` of the words drawn against it, the others (Mikolov
/// et al., 2013, equation 4): changes the rows, and adds the step of `h` to `ascent`. The loss before it.
#[inline(always)]
pub(super) fn learn_pair<S: Simd>(
    simd: S,
    hidden: &[f32],
    output: &mut LocalRows,
    slots: &[u32],
    rate: f32,
    ascent: &mut [f32],
) -> f32 {
    let mut right = 1.0;
    for (index, &slot) in slots.iter().enumerate() {
        let row = output.row_mut(slot);
        let sign = if index == 0 { 1.0 } else { -1.0 };
        // The probability of the wrong answer.
        let wrong = 1.0 / (1.0 + (sign * product(simd, hidden, row)).exp());
        right *= 1.0 - wrong;
        let factor = sign * rate * wrong;
        add_scaled(simd, ascent, factor, row);
        add_scaled(simd, row, factor, hidden);
    }
    // One logarithm of a product in place of one for each.
    -right.max(f32::MIN_POSITIVE).ln()
}
