use std::sync::Arc;

use burn::tensor::Tensor;

use super::dropout::mask_tensor;
use super::layer_norm::LayerNorm;
use super::maxout::Maxout;
use super::rows::sums::RowSums;
#[cfg(feature = "flex")]
use crate::fused::operations::{self, Call, Parameters};
use crate::host::centres::Centres;
#[cfg(feature = "flex")]
use crate::host::largest_sums::MAX_PIECES;
use crate::host::mask::Mask;
#[cfg(feature = "flex")]
use crate::kernel::filter::Filter;
#[cfg(feature = "flex")]
use crate::kernel::window_rows::WindowRows;

/// Maxout over rows and their neighbours, then layer normalisation, then dropout: one layer of a convolution.
#[derive(Clone, Debug, Default)]
pub struct MaxoutWindow {
    /// Neighbours on either side that a row sees; beyond the ends they are zeros.
    pub window: usize,
    /// Whether each row is added to its output.
    pub is_residual: bool,
    /// The rows that get an output; `None` for all. The others are only seen as neighbours.
    pub centres: Option<Arc<Centres>>,
    /// Whether to halve the multiplications where a row sees one neighbour on either side. The weights take twice the
    /// memory for it and are transformed first, which does not pay for a few hundred rows if they are new.
    pub saves_products: bool,
}

impl MaxoutWindow {
    /// `[rows, width]` -> `[centres, outputs]`; the maxout has `(2 * window + 1) * width` inputs.
    pub fn forward(&self, x: Tensor<2>, maxout: &Maxout, norm: &LayerNorm, mask: Option<Mask>) -> Tensor<2> {
        // The kernel numbers pieces in a byte. More of them help no layer, but a config may ask for them.
        #[cfg(feature = "flex")]
        if operations::is_available(&x.device()) && maxout.bias.dims()[1] <= MAX_PIECES {
            return self.fuse(x, maxout, norm, mask);
        }
        self.compose(x, maxout, norm, mask)
    }

    /// Lays out the weights for the kernel ahead of [`forward`](MaxoutWindow::forward), which would do it otherwise, so
    /// that this can happen on another thread. Without a kernel for the weights' device, this does nothing.
    #[cfg_attr(not(feature = "flex"), expect(unused_variables, reason = "no other build has kernels"))]
    pub fn prepare(&self, maxout: &Maxout) {
        #[cfg(feature = "flex")]
        maxout.packed.prepare(maxout.weight.val(), maxout.bias.val(), self.filter());
    }

    #[cfg(feature = "flex")]
    fn filter(&self) -> Filter {
        if self.saves_products { Filter::for_window(2 * self.window + 1) } else { Filter::Direct }
    }

    /// The layer as one operation.
    #[cfg(feature = "flex")]
    fn fuse(&self, x: Tensor<2>, maxout: &Maxout, norm: &LayerNorm, mask: Option<Mask>) -> Tensor<2> {
        let &MaxoutWindow { window, is_residual, .. } = self;
        let layer = WindowRows { window, is_residual, centres: self.centres.clone() };
        let call = Call { layer, filter: self.filter(), mask, packed: maxout.packed.clone() };
        let parameters = Parameters {
            weight: maxout.weight.val(),
            bias: maxout.bias.val(),
            gain: norm.gain.val(),
            shift: norm.bias.val(),
        };
        operations::maxout_window(x, parameters, call)
    }

    /// The layer composed of Burn's operations: for other devices, and the reference in tests.
    pub(crate) fn compose(
        &self,
        x: Tensor<2>,
        maxout: &Maxout,
        norm: &LayerNorm,
        mask: Option<Mask>,
    ) -> Tensor<2> {
        let only_centres = |x: Tensor<2>| match &self.centres {
            Some(centres) => RowSums::copies(centres.rows().to_vec()).compose(x),
            None => x,
        };
        let windows = only_centres(expand_window(x.clone(), self.window));
        let output = norm.forward(maxout.forward(windows));
        let output = match mask {
            Some(mask) => output * mask_tensor(mask, &x.device()),
            None => output,
        };
        if self.is_residual { output + only_centres(x) } else { output }
    }
}

/// Every row between its `size` neighbours on either side, with zeros beyond the ends:
/// `[rows, width]` -> `[rows, (2 * size + 1) * width]`
pub fn expand_window(x: Tensor<2>, size: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    let edge = Tensor::zeros([size, width], &x.device());
    let padded = Tensor::cat(vec![edge.clone(), x, edge], 0);
    let shifted =
        (0..=2 * size).map(|offset| padded.clone().slice([offset..offset + rows, 0..width])).collect();
    Tensor::cat(shifted, 1)
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use burn::module::{Param, ParamId};
    use burn::tensor::{Device, TensorData};
    use ner_cpython::NumpyRandom;

    use super::*;
    use crate::test_support::{Function, check_gradients, check_same};
    use crate::{Init, Mode, Seeds, to_vec};

    /// A layer of any size. Its inputs are: rows, weights, biases, gain, shift.
    #[derive(Clone, Copy, Debug)]
    struct Sizes {
        rows: usize,
        /// Every so many rows one is only seen as a neighbour, and so is its successor.
        gap: Option<usize>,
        width: usize,
        window: usize,
        outputs: usize,
        pieces: usize,
        dropout: f64,
        saves_products: bool,
    }

    type Forward = fn(&MaxoutWindow, Tensor<2>, &Maxout, &LayerNorm, Option<Mask>) -> Tensor<2>;

    impl Sizes {
        fn function(self, forward: Forward) -> Function<5> {
            let Sizes { rows, gap, width, window, outputs, pieces, dropout, saves_products } = self;
            let inputs = width * (2 * window + 1);
            Function {
                lengths: [rows * width, outputs * pieces * inputs, outputs * pieces, outputs, outputs],
                value: Box::new(move |[x, weight, bias, gain, shift]| {
                    let maxout = Maxout {
                        weight: Param::initialized(ParamId::new(), weight.reshape([outputs, pieces, inputs])),
                        bias: Param::initialized(ParamId::new(), bias.reshape([outputs, pieces])),
                        packed: Default::default(),
                    };
                    let norm = LayerNorm {
                        gain: Param::initialized(ParamId::new(), gain),
                        bias: Param::initialized(ParamId::new(), shift),
                    };
                    let centres = gap.map(|gap| {
                        let runs = (0..rows).step_by(gap).map(|start| start + 2..rows.min(start + gap));
                        Arc::new(Centres::new(runs))
                    });
                    let layer =
                        MaxoutWindow { window, is_residual: width == outputs, centres, saves_products };
                    let n_centres = layer.centres.as_ref().map_or(rows, |centres| centres.rows().len());
                    let random = &mut NumpyRandom::new(1);
                    let mask = Mode::Train { rate: dropout, random, seeds: &mut Seeds::new(0) }
                        .mask([n_centres, outputs]);
                    forward(&layer, x.reshape([rows, width]), &maxout, &norm, mask)
                }),
            }
        }

        #[track_caller]
        fn check(self) {
            for saves_products in [false, true] {
                let sizes = Sizes { saves_products, ..self };
                check_same(sizes.function(MaxoutWindow::forward), sizes.function(MaxoutWindow::compose));
            }
        }
    }

    const DEFAULT: Sizes = Sizes {
        rows: 20,
        gap: None,
        width: 8,
        window: 1,
        outputs: 8,
        pieces: 3,
        dropout: 0.0,
        saves_products: true,
    };

    #[test]
    fn one_operation_does_what_many_do() {
        for rows in [1, 2, 23, 24, 25, 64, 65, 130, 383, 384, 433] {
            Sizes { rows, dropout: 0.2, ..DEFAULT }.check();
        }
        for gap in [3, 4, 20, 70] {
            for rows in [3, 24, 71, 130, 500] {
                Sizes { rows, gap: Some(gap), dropout: 0.2, ..DEFAULT }.check();
            }
            Sizes { rows: 70, gap: Some(gap), window: 3, outputs: 5, ..DEFAULT }.check();
            Sizes { rows: 70, gap: Some(gap), window: 0, ..DEFAULT }.check();
        }
        for pieces in 1..=7 {
            Sizes { pieces, ..DEFAULT }.check();
        }
        // The last number of pieces that a byte can tell apart, and one more.
        for pieces in [MAX_PIECES, MAX_PIECES + 1] {
            Sizes { pieces, rows: 5, width: 2, outputs: 5, ..DEFAULT }.check();
        }
        for window in 0..4 {
            Sizes { window, ..DEFAULT }.check();
        }
        for outputs in [5, 7, 15, 16, 17, 33] {
            Sizes { outputs, ..DEFAULT }.check();
        }
        for width in [1, 3, 16, 33, 100] {
            Sizes { width, outputs: width.max(5), ..DEFAULT }.check();
        }
        Sizes { rows: 150, width: 96, outputs: 96, dropout: 0.1, ..DEFAULT }.check();
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        check_gradients(
            Sizes { rows: 5, width: 4, outputs: 4, dropout: 0.2, ..DEFAULT }.function(MaxoutWindow::forward),
        );
        check_gradients(Sizes { rows: 3, outputs: 5, window: 0, ..DEFAULT }.function(MaxoutWindow::forward));
        check_gradients(
            Sizes { rows: 7, gap: Some(4), width: 4, outputs: 4, ..DEFAULT }.function(MaxoutWindow::forward),
        );
    }

    /// The default encoder's layer with random weights and no bias, in prediction.
    fn apply(x: &[f32], centres: impl IntoIterator<Item = Range<usize>>) -> Vec<f32> {
        const WIDTH: usize = 96;
        let device = Device::flex();
        let mut random = NumpyRandom::new(2);
        let init = &mut Init::random(&mut random, &device);
        let (maxout, norm) = (Maxout::init(WIDTH, 3, 3 * WIDTH, init), LayerNorm::init(WIDTH, init));
        let centres = Some(Arc::new(Centres::new(centres)));
        let layer = MaxoutWindow { window: 1, is_residual: true, centres, saves_products: true };
        let x = Tensor::from_data(TensorData::new(x.to_vec(), [x.len() / WIDTH, WIDTH]), &device);
        to_vec(layer.forward(x, &maxout, &norm, None))
    }

    fn rows(n_rows: usize) -> Vec<f32> {
        let mut x = vec![0.0; n_rows * 96];
        NumpyRandom::new(3).fill_normal(0.0, 1.0, &mut x);
        x
    }

    #[test]
    fn a_run_gives_the_same_bytes_whatever_runs_stand_beside_it() {
        let x = rows(20);
        let alone = apply(&x[3 * 96..13 * 96], std::iter::once(1..9));
        let together = apply(&x, [1..4, 4..12, 12..19]);
        assert_eq!(together[3 * 96..11 * 96], alone);
    }

    #[test]
    fn rounding_of_neighbours_leaves_a_window_of_zeros_alone() {
        let mut x = rows(12);
        x[4 * 96..9 * 96].fill(0.0);
        let output = apply(&x, std::iter::once(0..12));
        for row in 5..8 {
            assert_eq!(output[row * 96..][..96], [0.0; 96], "row {row}");
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bytes() {
        let results = |n_threads| {
            let threads = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            let sizes = Sizes { rows: 500, width: 48, outputs: 48, dropout: 0.1, ..DEFAULT };
            threads.install(|| sizes.function(MaxoutWindow::forward).value_and_gradients())
        };
        assert_eq!(results(1), results(2));
        assert_eq!(results(1), results(5));
    }
}
