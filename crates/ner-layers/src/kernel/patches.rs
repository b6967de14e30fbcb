use std::ops::Range;

use super::filter::Filter;
use super::largest_pieces::{FEW, MANY, patches_at_once};
use super::window_rows::WindowRows;

/// Rows of the smallest block: a multiple of every machine's tile. Blocks of 12 rows take two tiles of 8 with AVX-512, one of
/// them half empty.
const MIN_BLOCK_ROWS: usize = 24;
/// Rows of the largest block. Every block reads all weights, 2 MB for the three layers that the default encoder multiplies
/// in prediction, so a larger block reads them less often; but its inputs and sums have to stay in the second cache: 256
/// rows of 96 numbers are 150 KB of inputs after filtering, and 40 KB of sums a panel. Prediction was a few per cent slower
/// with blocks of 96.
const MAX_BLOCK_ROWS: usize = 256;
/// Blocks a thread gets in training, where all threads share one batch: one that is early can take a block of another.
pub(super) const PARTS_IN_TRAINING: usize = 3;
/// Blocks a thread gets in prediction, where the threads have batches of their own: cutting finer would only read the
/// weights again.
pub(super) const PARTS_IN_PREDICTION: usize = 1;

const _: () = assert!(MIN_BLOCK_ROWS.is_multiple_of(MANY) && MIN_BLOCK_ROWS.is_multiple_of(FEW));

/// How many patches are a block, so that each of several threads gets `n_parts` of about the same size if there are rows
/// enough.
pub(super) fn block_patches(filter: Filter, n_patches: usize, n_parts: usize) -> usize {
    let (n_rows, n_threads) = (n_patches * filter.n_outputs(), rayon::current_num_threads());
    let max_rows = match n_threads {
        1 => MAX_BLOCK_ROWS,
        _ => n_rows.div_ceil(n_parts * n_threads).clamp(MIN_BLOCK_ROWS, MAX_BLOCK_ROWS),
    };
    // Where there are more blocks than `n_parts` asks for, they are a multiple of the threads too: an odd one would keep one
    // thread at work while the others wait.
    let n_blocks = n_rows.div_ceil(max_rows).next_multiple_of(n_threads);
    // A tile that is not full takes as long as a full one.
    n_patches.div_ceil(n_blocks).next_multiple_of(patches_at_once())
}

/// The output rows that are computed together, for `x` `[rows, width]`: each patch has up to as many as the filter gives.
/// Patches depend on a run and on where it sees zeros, not on the runs beside it.
pub(super) fn patches(layer: &WindowRows, filter: Filter, x: &[f32], width: usize) -> Vec<Range<usize>> {
    let n_outputs = filter.n_outputs();
    let runs = layer.runs(x.len() / width);
    if n_outputs == 1 {
        return runs.into_iter().flatten().map(|output| output..output + 1).collect();
    }
    // A window of zeros stands with others of its kind: the outputs of a patch share rounding errors, and normalisation
    // would blow up those of an output that is zero but for them.
    let is_zero: Vec<bool> = x.chunks_exact(width).map(|row| row.iter().all(|&value| value == 0.0)).collect();
    let sees_zeros = |output: usize| {
        let centre = layer.centre(output);
        let window = centre.saturating_sub(layer.window)..centre + layer.window + 1;
        is_zero[window.start..window.end.min(is_zero.len())].iter().all(|&is_zero| is_zero)
    };
    let mut patches: Vec<Range<usize>> = Vec::with_capacity(is_zero.len() / n_outputs + 1);
    for run in runs {
        // `None`: the first output of a run never joins the last patch of the run before.
        let mut kind = None;
        for output in run {
            let own_kind = Some(sees_zeros(output));
            match patches.last_mut() {
                Some(patch) if kind == own_kind && patch.len() < n_outputs => patch.end += 1,
                _ => patches.push(output..output + 1),
            }
            kind = own_kind;
        }
    }
    patches
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::host::centres::Centres;

    #[test]
    fn patches_end_with_their_run_and_where_zeros_begin() {
        let mut x = vec![1.0; 20];
        x[6..12].fill(0.0);
        let centres = Centres::new([0..5, 5..13, 15..20]);
        let layer = WindowRows { window: 1, is_residual: true, centres: Some(Arc::new(centres)) };
        // Rows 7 to 10 see zeros alone. The run that begins with row 15 has the outputs from 13 on.
        let expected = [0..4, 4..5, 5..7, 7..11, 11..13, 13..17, 17..18];
        assert_eq!(patches(&layer, Filter::Winograd, &x, 1), expected);
        assert_eq!(
            patches(&layer, Filter::Direct, &x, 1),
            (0..18).map(|row| row..row + 1).collect::<Vec<_>>()
        );
    }

    #[test]
    fn blocks_are_multiples_of_a_tile() {
        for filter in [Filter::Direct, Filter::Winograd] {
            for n_patches in [1, 2, 10, 24, 97, 250, 1000] {
                let n_of_block = block_patches(filter, n_patches, PARTS_IN_TRAINING);
                assert!(n_of_block.is_multiple_of(patches_at_once()), "{filter:?}, {n_patches} patches");
                assert!(n_of_block * filter.n_outputs() <= MAX_BLOCK_ROWS + MANY * filter.n_outputs());
            }
        }
    }
}
