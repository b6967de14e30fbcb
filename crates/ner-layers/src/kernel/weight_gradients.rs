use pulp::{Arch, Simd, WithSimd};

use super::rows_of_pieces::{BLOCK_ROWS, PIECES_AT_ONCE, RowsOfPieces};
use super::window_backward::MaxoutWindowBackward;
use super::window_forward::Saved;
use crate::host::blocks::for_each_block;
use crate::host::weighted_rows::add_rows;

/// Outputs whose weights' gradients one thread works on together: those of eight outputs with three pieces of 288 inputs are
/// 27 KB, and stay in the first cache while rows of the input pass by.
const BLOCK_WEIGHTS: usize = 8;

/// The gradients of all parameters of a layer.
#[derive(Debug)]
pub(crate) struct MaxoutWindowGradients {
    /// `[outputs, pieces, inputs]`
    pub(crate) weight: Vec<f32>,
    /// `[outputs, pieces]`
    pub(crate) bias: Vec<f32>,
    /// `[outputs]`
    pub(crate) gain: Vec<f32>,
    /// `[outputs]`
    pub(crate) shift: Vec<f32>,
}

/// The gradients of the parameters. Each weight's is summed up over all rows by one thread, in their order.
pub(crate) fn parameter_gradients(pass: &MaxoutWindowBackward<'_>) -> MaxoutWindowGradients {
    let [outputs, pieces, inputs] = pass.saved.shape;
    let (mut weight, mut bias) = (vec![0.0; outputs * pieces * inputs], vec![0.0; outputs * pieces]);
    let Saved { layer, scale, .. } = pass.saved;
    let starts: Vec<usize> = (0..scale.len()).map(|row| layer.centre(row) * layer.width(inputs)).collect();
    let weights = weight.chunks_mut(BLOCK_WEIGHTS * pieces * inputs);
    let blocks = weights.zip(bias.chunks_mut(BLOCK_WEIGHTS * pieces));
    for_each_block(blocks, |index, (weight, bias)| {
        let first_output = index * BLOCK_WEIGHTS;
        let pass = WeightBackward { pass, starts: &starts, first_output, weight, bias };
        Arch::new().dispatch(pass);
    });
    let mut norm = vec![0.0; 2 * outputs];
    for block in pass.norms.chunks_exact(2 * outputs) {
        norm.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
    }
    let shift = norm.split_off(outputs);
    MaxoutWindowGradients { weight, bias, gain: norm, shift }
}

/// Sums up the gradient of the weights of some outputs over all rows.
struct WeightBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
    /// Where in the input the window of each row starts.
    starts: &'a [usize],
    first_output: usize,
    /// `[outputs, pieces, inputs]`
    weight: &'b mut [f32],
    /// `[outputs, pieces]`
    bias: &'b mut [f32],
}

impl WithSimd for WeightBackward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [outputs, pieces, inputs] = self.pass.saved.shape;
        let mut rows_of_pieces = RowsOfPieces::new();
        let largest = self.pass.largest.chunks(BLOCK_ROWS * outputs);
        let which = self.pass.saved.which.chunks(BLOCK_ROWS * outputs);
        // A block of rows at a time, since the rows are read again for each output, and far more often than the weights.
        for ((largest, which), starts) in largest.zip(which).zip(self.starts.chunks(BLOCK_ROWS)) {
            let targets =
                self.weight.chunks_exact_mut(pieces * inputs).zip(self.bias.chunks_exact_mut(pieces));
            for (output, (weight, bias)) in (self.first_output..).zip(targets) {
                let targets = weight.chunks_exact_mut(inputs).zip(bias);
                for (piece, (weight, bias)) in targets.enumerate() {
                    // The rows of the next pieces, all of them where there are no more than PIECES_AT_ONCE.
                    if piece % PIECES_AT_ONCE == 0 {
                        let gradients = largest.chunks_exact(outputs).map(|row| row[output]);
                        let pieces = which.chunks_exact(outputs).map(|row| usize::from(row[output]));
                        rows_of_pieces.sort(piece, starts.iter().copied().zip(gradients).zip(pieces));
                    }
                    let rows = rows_of_pieces.of(piece);
                    add_rows(simd, weight, &self.pass.saved.input, rows.iter().copied());
                    *bias += rows.iter().map(|row| row.weight).sum::<f32>();
                }
            }
        }
    }
}
