use pulp::{Arch, Simd, WithSimd};

use super::registers::{load, store};

/// Adds up rows of pieces, `[pieces, outputs]` each, in their order. Writes the largest piece of each output to `largest`,
/// and which one it is to `which`, `[outputs]` each; the first of equals wins. There are at most 256 pieces. `sums` is
/// scratch memory.
pub fn largest_sums<'a>(
    rows: impl Iterator<Item = &'a [f32]>,
    sums: &mut Vec<f32>,
    largest: &mut [f32],
    which: &mut [u8],
) {
    Arch::new().dispatch(LargestSums { rows, sums, largest, which });
}

struct LargestSums<'a, Rows> {
    rows: Rows,
    sums: &'a mut Vec<f32>,
    largest: &'a mut [f32],
    which: &'a mut [u8],
}

impl<'r, Rows: Iterator<Item = &'r [f32]>> WithSimd for LargestSums<'_, Rows> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let LargestSums { mut rows, sums, largest, which } = self;
        // The first row is copied rather than added to zeros, which would also turn a sum of -0.0 into 0.0.
        sums.clear();
        sums.extend_from_slice(rows.next().unwrap_or_default());
        for row in rows {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        assert!(sums.len() <= MAX_PIECES * largest.len(), "a byte numbers a piece");
        // Pieces lie side by side for this: a register holds one piece of many outputs, and is compared with the next.
        for start in (0..largest.len()).step_by(S::F32_LANES) {
            let place = start..largest.len().min(start + S::F32_LANES);
            let mut best = simd.splat_f32s(f32::NEG_INFINITY);
            let mut best_piece = simd.splat_u32s(0);
            for (piece, sums) in sums.chunks_exact(largest.len()).enumerate() {
                let sum = load(simd, &sums[place.clone()]);
                // Strictly larger: the first of equals stays.
                let is_larger = simd.greater_than_f32s(sum, best);
                best = simd.select_f32s(is_larger, sum, best);
                best_piece = simd.select_u32s(is_larger, simd.splat_u32s(piece as u32), best_piece);
            }
            store(simd, &mut largest[place.clone()], best);
            let pieces: &[u32] = bytemuck::cast_slice(core::slice::from_ref(&best_piece));
            for (which, &piece) in which[place].iter_mut().zip(pieces) {
                *which = piece as u8;
            }
        }
    }
}

/// Pieces that a byte can number.
pub(crate) const MAX_PIECES: usize = 1 << u8::BITS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_largest_sums_wins() {
        for outputs in [1, 7, 8, 16, 21] {
            let first: Vec<f32> = (0..3 * outputs).map(|index| (index % 5) as f32).collect();
            let second: Vec<f32> = (0..3 * outputs).map(|index| (index % 7) as f32 - 3.0).collect();
            let (mut largest, mut which) = (vec![0.0; outputs], vec![9; outputs]);
            largest_sums([&*first, &*second].into_iter(), &mut Vec::new(), &mut largest, &mut which);
            for output in 0..outputs {
                let sum = |piece: usize| first[piece * outputs + output] + second[piece * outputs + output];
                let expected = (0..3).rev().max_by(|&a, &b| sum(a).total_cmp(&sum(b))).unwrap();
                assert_eq!((largest[output], usize::from(which[output])), (sum(expected), expected));
            }
        }
    }
}
