use std::sync::Arc;

use burn::tensor::Tensor;
use pulp::{Arch, Simd, WithSimd};

use crate::norm::normalise;
use crate::{LayerNorm, Maxout, MaxoutWindow, RowSums, to_vec};

/// A layer of maxout over windows, in prediction, where rows recur: the pieces of a window are sums of what each of its
/// rows adds in its place, and a row's shares in all places depend on the row alone. Who remembers them needs no matrix
/// product for the layer.
#[derive(Debug)]
pub struct WindowShares<'a> {
    layer: MaxoutWindow,
    maxout: &'a Maxout,
    norm: &'a LayerNorm,
}

impl<'a> WindowShares<'a> {
    /// The layer on this machine's processor; `None` if its weights are on another device.
    pub fn new(layer: MaxoutWindow, maxout: &'a Maxout, norm: &'a LayerNorm) -> Option<WindowShares<'a>> {
        #[cfg(feature = "flex")]
        let is_host = crate::fused::is_available(&maxout.weight.val().device());
        #[cfg(not(feature = "flex"))]
        let is_host = false;
        is_host.then_some(WindowShares { layer, maxout, norm })
    }

    /// What is to be remembered of rows, their own numbers and their shares: `[rows, width]` -> `[rows, numbers]`
    pub fn numbers(&self, x: Tensor<2>) -> Vec<f32> {
        let Shape { width, places, pieces, outputs, sums } = self.shape();
        let weight = self.maxout.weight.val().reshape([sums * places, width]);
        let shares = to_vec(x.clone().matmul(weight.transpose()));
        let mut numbers = Vec::with_capacity(x.dims()[0] * (width + sums * places));
        for (x, shares) in to_vec(x).chunks_exact(width).zip(shares.chunks_exact(sums * places)) {
            numbers.extend_from_slice(x);
            for place in 0..places {
                for piece in 0..pieces {
                    let of_output = |output: usize| shares[(output * pieces + piece) * places + place];
                    numbers.extend((0..outputs).map(of_output));
                }
            }
        }
        numbers
    }

    /// What the layer makes of a sequence of rows, `[centres, outputs]`, from what is remembered of each of several. `rows`
    /// tells which of them; [`RowSums::ZEROS`] stands for a row of zeros.
    pub fn forward(&self, numbers: &[Arc<[f32]>], rows: &[u32]) -> Vec<f32> {
        let shape = self.shape();
        let bias = to_vec(self.maxout.bias.val().transpose());
        let (gain, shift) = (to_vec(self.norm.gain.val()), to_vec(self.norm.bias.val()));
        let mut output = vec![0.0; self.layer.n_centres(rows.len()) * shape.outputs];
        Arch::new().dispatch(Forward {
            layer: &self.layer,
            shape,
            bias: &bias,
            gain: &gain,
            shift: &shift,
            numbers,
            rows,
            output: &mut output,
        });
        output
    }

    fn shape(&self) -> Shape {
        let places = 2 * self.layer.window + 1;
        let [outputs, pieces, inputs] = self.maxout.weight.dims();
        Shape { width: inputs / places, places, pieces, outputs, sums: pieces * outputs }
    }
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Length of a row.
    width: usize,
    /// Rows of a window.
    places: usize,
    pieces: usize,
    outputs: usize,
    /// Pieces of all outputs.
    sums: usize,
}

struct Forward<'a> {
    layer: &'a MaxoutWindow,
    shape: Shape,
    /// `[pieces, outputs]`
    bias: &'a [f32],
    gain: &'a [f32],
    shift: &'a [f32],
    numbers: &'a [Arc<[f32]>],
    rows: &'a [u32],
    output: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Forward { layer, shape, bias, gain, shift, numbers, rows, output } = self;
        let Shape { width, places, outputs, sums: n_sums, .. } = shape;
        let of_row = |index: usize| match rows[index] {
            RowSums::ZEROS => None,
            row => Some(&*numbers[row as usize]),
        };
        let mut shares = Vec::with_capacity(places);
        for (index, output) in output.chunks_exact_mut(outputs).enumerate() {
            let centre = layer.centre(index);
            let first = centre.saturating_sub(layer.window);
            let neighbours = first..rows.len().min(centre + layer.window + 1);
            shares.clear();
            shares.extend(neighbours.filter_map(|neighbour| {
                let place = neighbour + layer.window - centre;
                of_row(neighbour).map(|numbers| &numbers[width + place * n_sums..][..n_sums])
            }));
            let n_together = outputs - outputs % OUTPUTS_AT_ONCE;
            for start in (0..n_together).step_by(OUTPUTS_AT_ONCE) {
                largest_pieces::<OUTPUTS_AT_ONCE>(bias, &shares, start, output);
            }
            for start in n_together..outputs {
                largest_pieces::<1>(bias, &shares, start, output);
            }
            normalise(simd, output);
            let places = output.iter_mut().zip(gain.iter().zip(shift));
            places.for_each(|(value, (gain, shift))| *value = *value * gain + shift);
            if let Some(own) = of_row(centre).filter(|_| layer.is_residual) {
                output.iter_mut().zip(own).for_each(|(value, own)| *value += own);
            }
        }
    }
}

/// Outputs whose sums are held in registers together.
const OUTPUTS_AT_ONCE: usize = 32;

/// The largest piece of each of the outputs from `start`: the sum of its bias and shares, `[pieces, outputs]` each.
#[inline(always)]
fn largest_pieces<const N: usize>(bias: &[f32], shares: &[&[f32]], start: usize, output: &mut [f32]) {
    let n_outputs = output.len();
    let largest = &mut output[start..start + N];
    for first in (start..bias.len()).step_by(n_outputs) {
        let mut sums = [0.0; N];
        sums.copy_from_slice(&bias[first..first + N]);
        for share in shares {
            let share = &share[first..first + N];
            sums.iter_mut().zip(share).for_each(|(sum, value)| *sum += value);
        }
        let is_first = first == start;
        for (largest, sum) in largest.iter_mut().zip(sums) {
            *largest = if is_first || sum > *largest { sum } else { *largest };
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};
    use ner_random::NumpyRandom;

    use super::*;
    use crate::{Centres, Init};

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

            for centres in [None, Some(Arc::new(Centres::new([1..3, 5..6, 9..10])))] {
                let layer =
                    MaxoutWindow { window, is_residual: width == outputs, centres, saves_products: true };
                let shares = WindowShares::new(layer.clone(), &maxout, &norm).unwrap();
                let numbers = shares.numbers(vectors.clone());
                let numbers: Vec<Arc<[f32]>> = numbers.chunks(numbers.len() / 6).map(Arc::from).collect();
                let found = shares.forward(&numbers, &rows);

                let x = RowSums::copies(rows.to_vec()).forward(vectors.clone());
                let expected = to_vec(layer.compose(x, &maxout, &norm, None));
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-5, "{width}, {outputs}: {found}, {expected}");
                }
                assert_eq!(found.len(), expected.len());
            }
        }
    }
}
