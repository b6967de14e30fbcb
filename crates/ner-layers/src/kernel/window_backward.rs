use pulp::{Arch, Simd, WithSimd};

use super::window_forward::Saved;
use crate::host::blocks::for_each_block;
use crate::host::normalisation::normalise_backward;

/// Rows that one thread works on together. The gradients of gain and shift are added up in blocks of this size on any
/// number of threads, so that these do not change the sum.
const BLOCK_ROWS: usize = 64;

/// The backward pass of one layer, as far as the gradient of the largest pieces, which both
/// [`parameter_gradients`](super::weight_gradients::parameter_gradients) and
/// [`input_gradient`](super::input_gradient::input_gradient) begin with.
///
/// The largest piece of an output is the only one that has a gradient. So a third of the multiplications of the forward pass
/// is enough where there are three pieces, at half of the speed: each needs a load of its own, and rows have to be sorted
/// by piece.
#[derive(Debug)]
pub(crate) struct MaxoutWindowBackward<'a> {
    pub(super) saved: &'a Saved,
    /// Gradient of the output, `[rows, outputs]`
    pub(super) gradient: &'a [f32],
    /// Gradient of the largest pieces, `[rows, outputs]`
    pub(super) largest: Vec<f32>,
    /// Gradients of gain and shift, summed up block by block, `[blocks, 2, outputs]`
    pub(super) norms: Vec<f32>,
}

impl<'a> MaxoutWindowBackward<'a> {
    /// Goes back through dropout and normalisation. The residual connection adds nothing to these.
    pub(crate) fn new(saved: &'a Saved, gradient: &'a [f32]) -> MaxoutWindowBackward<'a> {
        let outputs = saved.gain.len();
        let mut largest = gradient.to_vec();
        let mut norms = vec![0.0; saved.scale.len().div_ceil(BLOCK_ROWS) * 2 * outputs];
        let blocks = largest.chunks_mut(BLOCK_ROWS * outputs).zip(norms.chunks_exact_mut(2 * outputs));
        for_each_block(blocks, |index, (block, norm)| {
            Arch::new().dispatch(NormBackward { saved, first_row: index * BLOCK_ROWS, block, norm });
        });
        MaxoutWindowBackward { saved, gradient, largest, norms }
    }

    /// How many outputs have a centre before input row `row`, which may lie beyond the end.
    pub(super) fn n_outputs_before(&self, row: usize) -> usize {
        self.saved.layer.n_centres_before(row).min(self.saved.scale.len())
    }
}

/// Turns a block of the gradient of the output into that of the largest pieces, and sums up those of gain and shift.
struct NormBackward<'a, 'b> {
    saved: &'a Saved,
    first_row: usize,
    /// `[rows, outputs]`
    block: &'b mut [f32],
    /// The block's sums for gain and shift, `[2, outputs]`
    norm: &'b mut [f32],
}

impl WithSimd for NormBackward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Saved { gain, mask, normalised, scale, .. } = self.saved;
        let (d_gain, d_shift) = self.norm.split_at_mut(gain.len());
        for (row, gradient) in (self.first_row..).zip(self.block.chunks_exact_mut(gain.len())) {
            let place = row * gain.len();
            // The steps of the forward pass in reverse: dropout, shift and gain, normalisation.
            if let Some(mask) = mask {
                gradient.iter_mut().zip(mask.row(row)).for_each(|(value, mask)| *value *= mask);
            }
            let normalised = &normalised[place..place + gain.len()];
            let sums = d_gain.iter_mut().zip(&mut *d_shift).zip(gradient.iter().zip(normalised));
            for ((d_gain, d_shift), (gradient, normalised)) in sums {
                *d_gain += gradient * normalised;
                *d_shift += gradient;
            }
            gradient.iter_mut().zip(gain).for_each(|(value, gain)| *value *= gain);
            normalise_backward(simd, gradient, normalised, scale[row]);
        }
    }
}
