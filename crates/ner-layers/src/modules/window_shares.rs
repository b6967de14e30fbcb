use std::ops::Range;
use std::sync::Arc;

use pulp::{Arch, Simd, WithSimd};

use super::layer_norm::LayerNorm;
use super::maxout::Maxout;
use super::maxout_window::MaxoutWindow;
use super::rows::sums::RowSums;
use super::to_vec;
use crate::host::centres::Centres;
use crate::host::normalisation::normalise;
use crate::host::product::{PackedMatrix, Rows};
use crate::host::registers::{load, store};

/// A layer of maxout over windows, in prediction, where rows recur. The layer is affine before the largest piece is chosen:
/// the pieces of a window are sums of shares, one of each row in its place of the window, and the shares of a row depend on
/// the row alone. A caller that caches them, as for the words of a text, needs no matrix product for the layer.
#[derive(Debug)]
pub struct WindowShares {
    shape: Shape,
    is_residual: bool,
    /// `[width, places, pieces, outputs]`
    weight: PackedMatrix,
    /// `[pieces, outputs]`
    bias: Vec<f32>,
    /// `[outputs]`
    gain: Vec<f32>,
    /// `[outputs]`
    shift: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Neighbours on either side that a row sees.
    window: usize,
    /// Length of a row.
    width: usize,
    pieces: usize,
    outputs: usize,
}

impl Shape {
    /// Rows of a window.
    fn places(self) -> usize {
        2 * self.window + 1
    }

    /// Pieces of all outputs.
    fn sums(self) -> usize {
        self.pieces * self.outputs
    }
}

impl WindowShares {
    /// The layer with a copy of its present weights; `None` if they are not on the CPU, where the sums are computed.
    pub fn new(layer: &MaxoutWindow, maxout: &Maxout, norm: &LayerNorm) -> Option<WindowShares> {
        #[cfg(feature = "flex")]
        let is_host = crate::fused::operations::is_available(&maxout.weight.val().device());
        #[cfg(not(feature = "flex"))]
        let is_host = false;
        if !is_host {
            return None;
        }
        let [outputs, pieces, inputs] = maxout.weight.dims();
        let shape = Shape { window: layer.window, width: inputs / (2 * layer.window + 1), pieces, outputs };
        let weight = maxout.weight.val().reshape([outputs, pieces, shape.places(), shape.width]);
        // Pieces before outputs: a register then holds one piece of many outputs, and is compared with the next.
        Some(WindowShares {
            shape,
            is_residual: layer.is_residual,
            weight: PackedMatrix::from_columns(&to_vec(weight.permute([2, 1, 0, 3])), shape.width),
            bias: to_vec(maxout.bias.val().transpose()),
            gain: to_vec(norm.gain.val()),
            shift: to_vec(norm.bias.val()),
        })
    }

    /// The numbers to be cached for rows: their own, which a residual connection needs, and their shares,
    /// `[rows, width]` -> `[rows, width + places * pieces * outputs]`.
    pub fn numbers(&self, x: &[f32]) -> Vec<f32> {
        let (width, n_shares) = (self.shape.width, self.shape.places() * self.shape.sums());
        let shares = self.weight.product(Rows::ByRow(x));
        let mut numbers = Vec::with_capacity(x.len() + shares.len());
        for (x, shares) in x.chunks_exact(width).zip(shares.chunks_exact(n_shares)) {
            numbers.extend_from_slice(x);
            numbers.extend_from_slice(shares);
        }
        numbers
    }

    /// Whether the output for a window of zeros is zeros.
    pub fn keeps_zeros(&self) -> bool {
        let window = vec![RowSums::ZEROS; self.shape.places()];
        let centre = Centres::new(std::iter::once(self.shape.window..self.shape.window + 1));
        self.forward(&[], &window, &centre).iter().all(|&value| value == 0.0)
    }

    /// The outputs for the `centres` of a sequence of rows, `[centres, outputs]`. `numbers` holds the cached numbers of
    /// different rows, and `rows` the index there of each row of the sequence; [`RowSums::ZEROS`] stands for a row of zeros.
    pub fn forward(&self, numbers: &[Arc<[f32]>], rows: &[u32], centres: &Centres) -> Vec<f32> {
        let mut output = vec![0.0; centres.rows().len() * self.shape.outputs];
        Arch::new().dispatch(Forward { layer: self, numbers, rows, centres, output: &mut output });
        output
    }
}

/// The forward pass over all centres of a sequence, on one thread: in prediction threads have sequences of their own.
struct Forward<'a> {
    layer: &'a WindowShares,
    numbers: &'a [Arc<[f32]>],
    rows: &'a [u32],
    centres: &'a Centres,
    output: &'a mut [f32],
}

/// Centres whose sums are added up together: those of the default encoder, 3 pieces of 96 outputs, are 18 KB then, and stay
/// in the first cache.
const BLOCK_CENTRES: usize = 16;

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let WindowShares { shape, is_residual, bias, gain, shift, .. } = self.layer;
        let mut sums = vec![0.0; BLOCK_CENTRES * bias.len()];
        let blocks = self.centres.runs().flat_map(|run| {
            run.clone().step_by(BLOCK_CENTRES).map(move |first| first..run.end.min(first + BLOCK_CENTRES))
        });
        for block in blocks {
            let sums = &mut sums[..block.len() * bias.len()];
            self.add_shares(&block, sums);
            for (index, sums) in block.zip(sums.chunks_exact(bias.len())) {
                let output = &mut self.output[index * shape.outputs..][..shape.outputs];
                largest_pieces(simd, sums, output);
                normalise(simd, output);
                let places = output.iter_mut().zip(gain.iter().zip(shift));
                places.for_each(|(value, (gain, shift))| *value = *value * gain + shift);
                let own = self.rows[self.centres.rows()[index] as usize];
                if *is_residual && own != RowSums::ZEROS {
                    let own = &*self.numbers[own as usize];
                    output.iter_mut().zip(own).for_each(|(value, own)| *value += own);
                }
            }
        }
    }
}

impl Forward<'_> {
    /// The sums of biases and shares for some centres that follow each other, `[centres, pieces, outputs]`.
    ///
    /// Row by row, not centre by centre: the shares of a row, 4 KB from anywhere in memory, are read once from beginning to
    /// end, and each place adds to another centre. Centre by centre every row would be read in as many pieces as a window
    /// has places.
    #[inline(always)]
    fn add_shares(&self, block: &Range<usize>, sums: &mut [f32]) {
        let WindowShares { shape, bias, .. } = self.layer;
        sums.chunks_exact_mut(bias.len()).for_each(|sums| sums.copy_from_slice(bias));
        let first_centre = self.centres.rows()[block.start] as usize;
        let first_row = first_centre.saturating_sub(shape.window);
        let rows =
            self.rows.iter().take(first_centre + block.len() + shape.window).enumerate().skip(first_row);
        for (row, &source) in rows.filter(|&(_, &source)| source != RowSums::ZEROS) {
            let shares = &self.numbers[source as usize][shape.width..];
            for (place, shares) in shares.chunks_exact(shape.sums()).enumerate() {
                // In place 0 of a window stands the row that is `window` before the centre. Centres before the first one of
                // the block or behind the last one belong to other blocks.
                let centre = (row + shape.window).checked_sub(first_centre + place);
                if let Some(sums) = centre.and_then(|centre| sums.chunks_exact_mut(shape.sums()).nth(centre))
                {
                    sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
                }
            }
        }
    }
}

/// The largest piece of each output, `[pieces, outputs]` -> `[outputs]`. Prediction need not know which one it is.
#[inline(always)]
fn largest_pieces<S: Simd>(simd: S, sums: &[f32], largest: &mut [f32]) {
    let n_outputs = largest.len();
    for start in (0..n_outputs).step_by(S::F32_LANES) {
        let place = start..n_outputs.min(start + S::F32_LANES);
        let mut best = simd.splat_f32s(f32::NEG_INFINITY);
        for sums in sums.chunks_exact(n_outputs) {
            best = simd.max_f32s(load(simd, &sums[place.clone()]), best);
        }
        store(simd, &mut largest[place], best);
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};
    use ner_cpython::NumpyRandom;

    use super::*;
    use crate::Init;

    #[test]
    fn shares_add_up_to_what_the_layer_gives() {
        let device = Device::flex();
        for (width, outputs, pieces, window) in [(8, 8, 3, 1), (5, 7, 1, 2), (96, 96, 3, 1), (4, 4, 2, 0)] {
            let mut random = NumpyRandom::new(3);
            let mut vectors = vec![0.0; 6 * width];
            random.fill_normal(0.0, 1.0, &mut vectors);
            let init = &mut Init::random(&mut random, &device);
            let maxout = Maxout::init(outputs, pieces, width * (2 * window + 1), init);
            let norm = LayerNorm::init(outputs, init);
            let vectors = Tensor::<2>::from_data(TensorData::new(vectors, [6, width]), &device);
            let rows = [RowSums::ZEROS, 3, 3, 0, RowSums::ZEROS, RowSums::ZEROS, 5, 1, 3, 4];

            let rows = rows.repeat(4);
            let runs: [&[Range<usize>]; 3] = [&[0..39, 39..40], &[1..3, 5..6, 9..10], &[0..20, 20..40]];
            for runs in runs {
                let centres = Arc::new(Centres::new(runs.iter().cloned()));
                let layer = MaxoutWindow {
                    window,
                    is_residual: width == outputs,
                    centres: Some(centres.clone()),
                    saves_products: true,
                };
                let shares = WindowShares::new(&layer, &maxout, &norm).unwrap();
                let numbers = shares.numbers(&to_vec(vectors.clone()));
                let numbers: Vec<Arc<[f32]>> = numbers.chunks(numbers.len() / 6).map(Arc::from).collect();
                let found = shares.forward(&numbers, &rows, &centres);

                let x = RowSums::copies(rows.clone()).forward(vectors.clone());
                let expected = to_vec(layer.compose(x, &maxout, &norm, None));
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-5, "{width}, {outputs}: {found}, {expected}");
                }
                assert_eq!(found.len(), expected.len());
            }
        }
    }
}
