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

#[cfg(test)]
mod tests {
    use pulp::{Arch, WithSimd};

    use super::super::Matrix;
    use super::*;

    /// The slots of the tests: a context and three words drawn against it.
    const SLOTS: [u32; 4] = [2, 0, 3, 1];

    struct Run<'a> {
        hidden: &'a [f32],
        output: &'a mut LocalRows,
        rate: f32,
    }

    impl WithSimd for Run<'_> {
        type Output = (f32, Vec<f32>);

        fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
            let mut ascent = vec![0.0; self.hidden.len()];
            let loss = learn_pair(simd, self.hidden, self.output, &SLOTS, self.rate, &mut ascent);
            (loss, ascent)
        }
    }

    /// Numbers of about 1.
    fn numbers(n_rows: usize, dim: usize, seed: u64) -> Matrix {
        let mut matrix = Matrix::random(n_rows, dim, seed);
        matrix.shards.iter_mut().flatten().for_each(|value| *value *= dim as f32);
        matrix
    }

    #[test]
    fn steps_are_those_of_finite_differences() {
        for dim in [5, 16, 50] {
            let (output, hidden) = (numbers(4, dim, 1), numbers(1, dim, 2).row(0).to_vec());
            let stride = output.stride;
            let copies = || {
                let mut rows = LocalRows::default();
                rows.clear(stride);
                (0..4).for_each(|row| assert_eq!(rows.slot(row, &output), row));
                rows
            };
            let loss = |hidden: &[f32], output: &mut LocalRows| {
                Arch::new().dispatch(Run { hidden, output, rate: 0.0 }).0
            };
            let mut changed = copies();
            let (_, ascent) = Arch::new().dispatch(Run { hidden: &hidden, output: &mut changed, rate: 1.0 });
            const STEP: f32 = 1.0 / 256.0;
            let check = |step: f32, up: f32, down: f32| {
                let slope = (up - down) / (2.0 * STEP);
                assert!((step + slope).abs() < 2e-3, "a step of {step}, expected {}", -slope);
            };
            for column in 0..dim {
                let loss_at = |change: f32| {
                    let mut hidden = hidden.clone();
                    hidden[column] += change;
                    loss(&hidden, &mut copies())
                };
                check(ascent[column], loss_at(STEP), loss_at(-STEP));
                for slot in SLOTS {
                    let loss_at = |change: f32| {
                        let mut output = copies();
                        output.row_mut(slot)[column] += change;
                        loss(&hidden, &mut output)
                    };
                    let step = changed.row(slot)[column] - copies().row(slot)[column];
                    check(step, loss_at(STEP), loss_at(-STEP));
                }
            }
            // Numbers behind the last one stay zeros.
            assert!(ascent[dim..].iter().all(|&value| value == 0.0));
        }
    }
}
