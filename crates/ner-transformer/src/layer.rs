use burn::module::{Module, Param};
use burn::tensor::activation::{self as burn_activation, softmax};
use burn::tensor::{Int, Tensor, TensorData};
use ner_hub::Activation;
use ner_layers::{Init, LayerNorm, Linear};

use crate::dropout::{Dropout, Place};
use crate::layer_tensors::{LayerTensors, LinearTensors, NormTensors};
use crate::shape::{LayerDropout, Shape};

/// A layer of an encoder: attention, then two linear layers with a function between them, each half with a residual
/// connection that is normalised afterwards (Vaswani et al., "Attention is all you need", 2017).
#[derive(Module, Debug)]
pub struct EncoderLayer {
    /// What makes queries, keys and values: one linear layer for each, or a single one with their rows one after the other.
    /// The optimiser clips the gradient of each parameter for itself, so the two do not learn alike.
    pub attention_input: Vec<Linear>,
    /// The linear layer after attention, `[width, width]`.
    pub attention_output: Linear,
    /// The normalisation after it.
    pub attention_norm: LayerNorm,
    /// The first half of the feed-forward part, `[inner, width]`.
    pub intermediate: Linear,
    /// Its second half, `[width, inner]`.
    pub output: Linear,
    /// The normalisation after it.
    pub output_norm: LayerNorm,
}

impl EncoderLayer {
    /// A layer whose weights are zeros, to be replaced.
    pub(crate) fn zeros(shape: &Shape, is_stacked: bool, init: &Init<'_>) -> EncoderLayer {
        let &Shape { width, inner, .. } = shape;
        let attention_input = match is_stacked {
            true => vec![Linear::zeros(3 * width, width, init)],
            false => (0..3).map(|_| Linear::zeros(width, width, init)).collect(),
        };
        EncoderLayer {
            attention_input,
            attention_output: Linear::zeros(width, width, init),
            attention_norm: LayerNorm::init(width, init),
            intermediate: Linear::zeros(inner, width, init),
            output: Linear::zeros(width, inner, init),
            output_norm: LayerNorm::init(width, init),
        }
    }

    /// The weights as tensors.
    pub(crate) fn tensors(&self) -> LayerTensors {
        let linear = |linear: &Linear| (linear.weight.val(), linear.bias.val());
        let norm = |norm: &LayerNorm| (norm.gain.val(), norm.bias.val());
        let attention_input = match self.attention_input.as_slice() {
            [stacked] => linear(stacked),
            apart => {
                let (weights, biases): (Vec<_>, Vec<_>) = apart.iter().map(linear).unzip();
                (Tensor::cat(weights, 0), Tensor::cat(biases, 0))
            }
        };
        LayerTensors {
            attention_input,
            attention_output: linear(&self.attention_output),
            attention_norm: norm(&self.attention_norm),
            intermediate: linear(&self.intermediate),
            output: linear(&self.output),
            output_norm: norm(&self.output_norm),
        }
    }
}

/// A layer composed of Burn's operations: for other devices, and the reference in tests.
pub(crate) fn compose(
    x: Tensor<2>,
    weights: LayerTensors,
    shape: &Shape,
    lengths: &[usize],
    dropout: &LayerDropout,
) -> Tensor<2> {
    let inputs = linear(x.clone(), weights.attention_input);
    let context = attend(inputs, shape, lengths, dropout);
    let output =
        drop(linear(context, weights.attention_output), Place::AttentionOutput, dropout.attention_output);
    let x = normalise(x + output, weights.attention_norm, shape.epsilon);
    let inner = activate(shape.activation, linear(x.clone(), weights.intermediate));
    let output = drop(linear(inner, weights.output), Place::Output, dropout.output);
    normalise(x + output, weights.output_norm, shape.epsilon)
}

/// `[rows, 3 * width]` -> `[rows, width]`
fn attend(inputs: Tensor<2>, shape: &Shape, lengths: &[usize], dropout: &LayerDropout) -> Tensor<2> {
    let device = inputs.device();
    let (n_heads, head) = (shape.n_heads, shape.head());
    let n_windows = lengths.len();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    // Windows side by side, as long as the longest: the rows behind a window's last repeat row 0 and are not looked at.
    let (mut padded, mut rows, mut row) = (Vec::new(), Vec::new(), 0_i64);
    let mut hidden = vec![0.0_f32; n_windows * longest];
    for (window, &length) in lengths.iter().enumerate() {
        for place in 0..longest {
            let index = window * longest + place;
            if place < length {
                padded.push(row);
                rows.push(index as i64);
                row += 1;
            } else {
                padded.push(0);
                hidden[index] = f32::MIN;
            }
        }
    }
    let index = |rows: Vec<i64>| {
        let n_rows = rows.len();
        Tensor::<1, Int>::from_data(TensorData::new(rows, [n_rows]), &device)
    };
    // [windows, heads, longest, head]
    let part = |which: usize| {
        let columns = which * shape.width..(which + 1) * shape.width;
        let part = inputs.clone().slice([0..inputs.dims()[0], columns]).select(0, index(padded.clone()));
        part.reshape([n_windows, longest, n_heads, head]).swap_dims(1, 2)
    };
    let scores = part(0).matmul(part(1).transpose()) / (head as f32).sqrt();
    let hidden: Tensor<4> = Tensor::<1>::from_data(TensorData::new(hidden, [n_windows * longest]), &device)
        .reshape([n_windows, 1, 1, longest]);
    let mut weights = softmax(scores + hidden, 3);
    if let Some(dropout) = dropout.attention.filter(|_| !dropout.of_context) {
        let factors = attention_factors(dropout, lengths, n_heads, longest);
        let shape = weights.dims();
        let n_factors = factors.len();
        weights =
            weights * Tensor::<1>::from_data(TensorData::new(factors, [n_factors]), &device).reshape(shape);
    }
    let context = weights.matmul(part(2)).swap_dims(1, 2).reshape([n_windows * longest, shape.width]);
    let context = context.select(0, index(rows));
    drop(context, Place::Attention, dropout.attention.filter(|_| dropout.of_context))
}

/// The factors of attention's weights, `[windows, heads, longest, longest]`.
fn attention_factors(dropout: Dropout, lengths: &[usize], n_heads: usize, longest: usize) -> Vec<f32> {
    let mut factors = vec![1.0; lengths.len() * n_heads * longest * longest];
    let mut first = 0;
    for (window, &length) in lengths.iter().enumerate() {
        for head in 0..n_heads {
            for row in 0..length {
                let start = ((window * n_heads + head) * longest + row) * longest;
                let key = (first + row) * n_heads + head;
                dropout.factors(Place::Attention, key as u64, &mut factors[start..start + length]);
            }
        }
        first += length;
    }
    factors
}

/// The function between the two halves of a feed-forward part.
pub(crate) fn activate(activation: Activation, x: Tensor<2>) -> Tensor<2> {
    match activation {
        Activation::Gelu => burn_activation::gelu(x),
        Activation::GeluNew => {
            let cube = x.clone() * x.clone() * x.clone();
            let inner = (x.clone() + cube * 0.044_715) * (2.0 / std::f32::consts::PI).sqrt();
            x * 0.5 * (inner.tanh() + 1.0)
        }
        Activation::Relu => burn_activation::relu(x),
        Activation::Silu => burn_activation::silu(x),
    }
}

/// `[rows, inputs]` -> `[rows, outputs]`
pub(crate) fn linear(x: Tensor<2>, (weight, bias): LinearTensors) -> Tensor<2> {
    x.matmul(weight.transpose()) + bias.unsqueeze::<2>()
}

pub(crate) fn drop(x: Tensor<2>, place: Place, dropout: Option<Dropout>) -> Tensor<2> {
    let Some(dropout) = dropout else { return x };
    let ([n_rows, width], device) = (x.dims(), x.device());
    x * Tensor::<2>::from_data(
        TensorData::new(dropout.matrix(place, n_rows, width), [n_rows, width]),
        &device,
    )
}

pub(crate) fn normalise(x: Tensor<2>, (gain, shift): NormTensors, epsilon: f32) -> Tensor<2> {
    let centred = x.clone() - x.mean_dim(1);
    let variance = (centred.clone() * centred.clone()).mean_dim(1) + epsilon;
    centred / variance.sqrt() * gain.unsqueeze::<2>() + shift.unsqueeze::<2>()
}

/// A parameter of zeros, to be replaced.
pub(crate) fn zeros<const D: usize>(shape: [usize; D], init: &Init<'_>) -> Param<Tensor<D>> {
    init.constant(0.0, shape)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::fused::operations::{self, Call};
    use crate::kernel::windows::Windows;
    use crate::test_support::{Function, check_gradients, check_same};

    /// A layer of any size. Its inputs are: rows, and the weights in their order.
    #[derive(Clone, Debug)]
    struct Setting {
        lengths: Vec<usize>,
        shape: Shape,
        dropout: LayerDropout,
        checkpoints: bool,
    }

    impl Setting {
        fn function(&self, is_fused: bool) -> Function<13> {
            let setting = self.clone();
            let Shape { width, inner, .. } = self.shape;
            let n_rows: usize = self.lengths.iter().sum();
            Function {
                lengths: [
                    n_rows * width,
                    3 * width * width,
                    3 * width,
                    width * width,
                    width,
                    width,
                    width,
                    inner * width,
                    inner,
                    width * inner,
                    width,
                    width,
                    width,
                ],
                value: Box::new(move |inputs| {
                    let [x, a, b, c, d, e, f, g, h, i, j, k, l] = inputs;
                    let weights = LayerTensors {
                        attention_input: (a.reshape([3 * width, width]), b),
                        attention_output: (c.reshape([width, width]), d),
                        attention_norm: (e, f),
                        intermediate: (g.reshape([inner, width]), h),
                        output: (i.reshape([width, inner]), j),
                        output_norm: (k, l),
                    };
                    let x = x.reshape([n_rows, width]);
                    let Setting { shape, dropout, checkpoints, lengths } = setting.clone();
                    match is_fused {
                        true => {
                            let windows = Windows::new(&lengths);
                            operations::layer(x, weights, Call { shape, windows, dropout, checkpoints })
                        }
                        false => compose(x, weights, &shape, &lengths, &dropout),
                    }
                }),
            }
        }
    }

    fn setting(lengths: &[usize], width: usize, n_heads: usize, inner: usize) -> Setting {
        let shape = Shape { width, n_heads, inner, activation: Activation::Gelu, epsilon: 1e-5 };
        Setting { lengths: lengths.to_vec(), shape, dropout: LayerDropout::default(), checkpoints: false }
    }

    fn dropped(of_context: bool) -> LayerDropout {
        LayerDropout {
            attention: Dropout::new(1, 0.3),
            attention_output: Dropout::new(2, 0.2),
            output: Dropout::new(3, 0.4),
            of_context,
        }
    }

    #[track_caller]
    fn check(setting: &Setting) {
        check_same(&setting.function(true), &setting.function(false));
    }

    #[test]
    fn one_operation_does_what_many_do() {
        check(&setting(&[5, 1, 7], 8, 2, 12));
        check(&setting(&[40, 3, 60, 33], 48, 3, 100));
        check(&Setting { dropout: dropped(false), ..setting(&[5, 1, 7], 8, 2, 12) });
        check(&Setting { dropout: dropped(true), ..setting(&[60, 50, 7], 8, 2, 12) });
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        for activation in [Activation::Gelu, Activation::GeluNew, Activation::Silu] {
            for of_context in [false, true] {
                let mut setting = Setting { dropout: dropped(of_context), ..setting(&[3, 4], 4, 2, 6) };
                setting.shape.activation = activation;
                check_gradients(&setting.function(true));
            }
        }
    }

    #[test]
    fn checkpoints_change_nothing() {
        let plain = Setting { dropout: dropped(false), ..setting(&[40, 3, 60, 33], 16, 2, 24) };
        let again = Setting { checkpoints: true, ..plain.clone() };
        assert_eq!(plain.function(true).value_and_gradients(), again.function(true).value_and_gradients());
    }
}
