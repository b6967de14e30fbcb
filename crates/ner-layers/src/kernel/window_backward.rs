use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::packed_rows::{ForPart, PackedRows};
use super::window_forward::Saved;
use crate::host::aligned::Aligned;
use crate::host::blocks::for_each_block;
use crate::host::normalisation::normalise_backward;
use crate::host::weighted_rows::{WeightedRow, add_rows};

/// Rows that are worked on together: few enough for the first cache, enough to make up for reading the weights.
const BLOCK_ROWS: usize = 64;
/// Input rows that are worked on together.
const BLOCK_INPUTS: usize = 64;
/// Outputs whose weights' gradients are worked on together.
const BLOCK_WEIGHTS: usize = 8;
/// Outputs that the gradient of an input is summed up from at once.
const BLOCK_OUTPUTS: usize = 32;

/// The gradients of all that the layer is made of.
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

/// The backward pass of one layer: the way from the gradient of its output to all others.
///
/// The largest piece of an output is the only one that has a gradient, so that a third of the multiplications of the
/// forward pass is enough where there are three pieces.
#[derive(Debug)]
pub(crate) struct MaxoutWindowBackward<'a> {
    saved: &'a Saved,
    /// Gradient of the output, `[rows, outputs]`
    gradient: &'a [f32],
    /// Gradient of the largest pieces, `[rows, outputs]`
    largest: Vec<f32>,
    /// Gradients of gain and shift, summed up block by block, `[blocks, 2, outputs]`
    norms: Vec<f32>,
}

impl<'a> MaxoutWindowBackward<'a> {
    /// Goes back through dropout and normalisation.
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

    /// The gradients of the parameters. Each weight's is summed up over all rows by one thread.
    pub(crate) fn parameters(&self) -> MaxoutWindowGradients {
        let [outputs, pieces, inputs] = self.saved.shape;
        let (mut weight, mut bias) = (vec![0.0; outputs * pieces * inputs], vec![0.0; outputs * pieces]);
        let Saved { layer, scale, .. } = self.saved;
        let starts: Vec<usize> =
            (0..scale.len()).map(|row| layer.centre(row) * layer.width(inputs)).collect();
        let weights = weight.chunks_mut(BLOCK_WEIGHTS * pieces * inputs);
        let blocks = weights.zip(bias.chunks_mut(BLOCK_WEIGHTS * pieces));
        for_each_block(blocks, |index, (weight, bias)| {
            let first_output = index * BLOCK_WEIGHTS;
            let pass = WeightBackward { pass: self, starts: &starts, first_output, weight, bias };
            Arch::new().dispatch(pass);
        });
        let mut norm = vec![0.0; 2 * outputs];
        for block in self.norms.chunks_exact(2 * outputs) {
            norm.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
        }
        let shift = norm.split_off(outputs);
        MaxoutWindowGradients { weight, bias, gain: norm, shift }
    }

    /// The gradient of the input, `[rows, width]`; `weight` is `[outputs, pieces, inputs]`.
    pub(crate) fn input(&self, weight: &[f32]) -> Vec<f32> {
        let layer = &self.saved.layer;
        let [_, _, inputs] = self.saved.shape;
        let width = layer.width(inputs);
        let weight = PackedRows::new(weight, inputs);
        let mut d_input = vec![0.0; self.saved.input.len() - 2 * layer.window * width];
        for_each_block(d_input.chunks_mut(BLOCK_INPUTS * width), |index, d_input| {
            let first_row = index * BLOCK_INPUTS;
            Arch::new().dispatch(InputBackward { pass: self, weight: &weight, first_row, d_input });
        });
        d_input
    }

    /// How many outputs are made of rows before `row`, which may lie beyond the end.
    fn n_outputs_before(&self, row: usize) -> usize {
        self.saved.layer.n_centres_before(row).min(self.saved.scale.len())
    }
}

/// Turns a block of the gradient of the output into that of the largest pieces, and sums up those of gain and shift.
struct NormBackward<'a, 'b> {
    saved: &'a Saved,
    first_row: usize,
    block: &'b mut [f32],
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

/// Sums up the gradient of the weights of some outputs over all rows.
struct WeightBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
    /// Where in the input the window of each row starts.
    starts: &'a [usize],
    first_output: usize,
    weight: &'b mut [f32],
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
        for ((largest, which), starts) in largest.zip(which).zip(self.starts.chunks(BLOCK_ROWS)) {
            let targets =
                self.weight.chunks_exact_mut(pieces * inputs).zip(self.bias.chunks_exact_mut(pieces));
            for (output, (weight, bias)) in (self.first_output..).zip(targets) {
                let targets = weight.chunks_exact_mut(inputs).zip(bias);
                for (piece, (weight, bias)) in targets.enumerate() {
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

/// Pieces that rows are sorted by at once.
const PIECES_AT_ONCE: usize = 8;

/// The rows of a block by the piece that their gradient goes to, for some pieces.
struct RowsOfPieces {
    rows: [[WeightedRow; BLOCK_ROWS]; PIECES_AT_ONCE],
    /// How many rows each piece has, in one byte each: in a register, where the next row need not wait for them.
    counts: u64,
}

impl RowsOfPieces {
    fn new() -> RowsOfPieces {
        let none = WeightedRow { start: 0, weight: 0.0 };
        RowsOfPieces { rows: [[none; BLOCK_ROWS]; PIECES_AT_ONCE], counts: 0 }
    }

    /// Takes in the starts, gradients and pieces of a block's rows, as far as they belong to pieces from `first`.
    #[inline(always)]
    fn sort(&mut self, first: usize, rows: impl Iterator<Item = ((usize, f32), usize)>) {
        let mut counts = 0;
        for ((start, weight), piece) in rows {
            let piece = piece.wrapping_sub(first);
            if piece < PIECES_AT_ONCE {
                let row = (counts >> (8 * piece)) as usize % BLOCK_ROWS;
                self.rows[piece][row] = WeightedRow { start, weight };
                counts += 1 << (8 * piece);
            }
        }
        self.counts = counts;
    }

    #[inline(always)]
    fn of(&self, piece: usize) -> &[WeightedRow] {
        let piece = piece % PIECES_AT_ONCE;
        &self.rows[piece][..usize::from(self.counts.to_le_bytes()[piece])]
    }
}

/// Works out the gradient of a block of input rows from all windows that they stand in.
struct InputBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
    weight: &'a PackedRows,
    first_row: usize,
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
        // What the windows of all sources get; each starts `window` rows before its centre. The last part of the weights
        // may add zeros behind a window.
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

/// Works out the gradients of the windows of some rows, which overlap.
struct WindowsBackward<'a, 'b> {
    pass: &'a MaxoutWindowBackward<'a>,
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
