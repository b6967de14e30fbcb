use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::packed_rows::{ForPart, PackedRows};
use super::window_backward::MaxoutWindowBackward;
use super::window_forward::Saved;
use crate::host::aligned::Aligned;
use crate::host::blocks::for_each_block;

/// Input rows that one thread works on together. Each block computes the windows at its ends as well, which the blocks
/// beside it do too; blocks of 128 rows made no difference.
const BLOCK_INPUTS: usize = 64;
/// Outputs that the gradient of an input is summed up from at once: the weights of all their pieces, in a part of a few
/// registers, stay in the first cache while windows pass by. A sixth faster than whole windows of eight outputs.
const BLOCK_OUTPUTS: usize = 32;

/// The gradient of the input, `[rows, width]`; `weight` is `[outputs, pieces, inputs]`.
pub(crate) fn input_gradient(pass: &MaxoutWindowBackward<'_>, weight: &[f32]) -> Vec<f32> {
    let layer = &pass.saved.layer;
    let [_, _, inputs] = pass.saved.shape;
    let width = layer.width(inputs);
    // Once a step, for all blocks: a copy by each block is no faster.
    let weight = PackedRows::new(weight, inputs);
    let mut d_input = vec![0.0; pass.saved.input.len() - 2 * layer.window * width];
    for_each_block(d_input.chunks_mut(BLOCK_INPUTS * width), |index, d_input| {
        let first_row = index * BLOCK_INPUTS;
        Arch::new().dispatch(InputBackward { pass, weight: &weight, first_row, d_input });
    });
    d_input
}

/// Computes the gradient of a block of input rows from all windows that contain them.
///
/// Window by window: a part of each is loaded, added to and stored. Summed up row by row in registers over all windows that
/// see the row, it took a third longer.
struct InputBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
    weight: &'a PackedRows,
    first_row: usize,
    /// `[rows, width]`
    d_input: &'b mut [f32],
}

impl WithSimd for InputBackward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let InputBackward { pass, weight, first_row, d_input } = self;
        let Saved { layer, shape: [_, _, inputs], .. } = pass.saved;
        let (window, width) = (layer.window, layer.width(*inputs));
        let last_row = first_row + d_input.len() / width;
        let first_centre = first_row.saturating_sub(window);
        let sources = pass.n_outputs_before(first_centre)..pass.n_outputs_before(last_row + window);
        // The gradients of the windows of all sources, which overlap and are added up in place. The first window begins
        // with row `first_centre - window`, the last one ends before row `last_row + 2 * window`. A register more, since
        // the last part of the weights has columns of zeros, which are added behind a window.
        let mut windows = Aligned::zeros((last_row + 3 * window - first_centre) * width + S::F32_LANES);
        weight.for_each_part(simd, WindowsBackward { pass, sources, first_centre, windows: &mut windows });
        let first = (first_row - first_centre + window) * width;
        d_input.copy_from_slice(&windows[first..][..d_input.len()]);
        if layer.is_residual {
            for row in pass.n_outputs_before(first_row)..pass.n_outputs_before(last_row) {
                let gradient = &pass.gradient[row * width..][..width];
                let own = &mut d_input[(layer.centre(row) - first_row) * width..];
                own.iter_mut().zip(gradient).for_each(|(value, gradient)| *value += gradient);
            }
        }
    }
}

/// Computes the gradients of the windows of some outputs, which overlap.
struct WindowsBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
    /// The outputs.
    sources: Range<usize>,
    /// The centre of the window that starts at the first number of `windows`.
    first_centre: usize,
    windows: &'b mut [f32],
}

impl ForPart for WindowsBackward<'_, '_> {
    #[inline(always)]
    fn run<S: Simd, const N: usize>(&mut self, simd: S, first_column: usize, weight: &[[S::f32s; N]]) {
        let Saved { layer, shape: [outputs, pieces, inputs], which, .. } = self.pass.saved;
        let width = layer.width(*inputs);
        // A block of outputs for all windows, then the next: the weights of a block are read from the first cache.
        for (block, weight) in weight.chunks(BLOCK_OUTPUTS * pieces).enumerate() {
            for row in self.sources.clone() {
                let window = (layer.centre(row) - self.first_centre) * width + first_column;
                let (window, _) = S::as_mut_simd_f32s(&mut self.windows[window..][..N * S::F32_LANES]);
                let mut sums: [S::f32s; N] = core::array::from_fn(
                    #[inline(always)]
                    |column| window[column],
                );
                let first = row * outputs + block * BLOCK_OUTPUTS;
                let gradients = self.pass.largest[first..].iter().zip(&which[first..]);
                // `zip` ends with the block's weights, while the gradients go on to the next outputs.
                for (pieces, (&gradient, &piece)) in weight.chunks_exact(*pieces).zip(gradients) {
                    let gradient = simd.splat_f32s(gradient);
                    for (sum, &weight) in sums.iter_mut().zip(&pieces[usize::from(piece)]) {
                        *sum = simd.mul_add_f32s(gradient, weight, *sum);
                    }
                }
                window.copy_from_slice(&sums);
            }
        }
    }
}
