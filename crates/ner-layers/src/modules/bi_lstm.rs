use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, tanh};

use super::dropout::Mode;
use super::init::Init;

/// Layers of long short-term memory, each read from both ends (Hochreiter and Schmidhuber, 1997; Graves and
/// Schmidhuber, 2005), with PyTorch's parameters.
#[derive(Module, Debug)]
pub struct BiLstm {
    /// The first layer sees the input.
    pub layers: Vec<BiLstmLayer>,
}

/// One layer: two networks that read the same input.
#[derive(Module, Debug)]
pub struct BiLstmLayer {
    /// Reads from the first step to the last.
    pub forward: Lstm,
    /// Reads from the last step to the first.
    pub reverse: Lstm,
}

/// One layer in one direction. Its gates stand in the order input, forget, cell, output.
#[derive(Module, Debug)]
pub struct Lstm {
    /// `[4 * hidden, inputs]`
    pub weight_ih: Param<Tensor<2>>,
    /// `[4 * hidden, hidden]`
    pub weight_hh: Param<Tensor<2>>,
    /// `[4 * hidden]`
    pub bias_ih: Param<Tensor<1>>,
    /// `[4 * hidden]`
    pub bias_hh: Param<Tensor<1>>,
}

impl BiLstm {
    /// `depth` layers whose two directions have `hidden` outputs each, drawn as PyTorch draws them (but not from
    /// its generator).
    pub fn init(inputs: usize, hidden: usize, depth: usize, init: &mut Init<'_>) -> BiLstm {
        let layer = |index| {
            let inputs = if index == 0 { inputs } else { 2 * hidden };
            BiLstmLayer {
                forward: Lstm::init(inputs, hidden, init),
                reverse: Lstm::init(inputs, hidden, init),
            }
        };
        BiLstm { layers: (0..depth).map(layer).collect() }
    }

    /// `x` `[steps * sequences, inputs]`, all sequences' first steps first -> `[steps * sequences, 2 * hidden]`.
    /// Between layers there is dropout.
    pub fn forward(&self, x: Tensor<2>, n_sequences: usize, dropout: &mut Mode<'_>) -> Tensor<2> {
        self.layers.iter().enumerate().fold(x, |x, (index, layer)| {
            let x = if index == 0 { x } else { dropout.dropout(x) };
            let forward = layer.forward.forward(x.clone(), n_sequences, false);
            Tensor::cat(vec![forward, layer.reverse.forward(x, n_sequences, true)], 1)
        })
    }
}

impl Lstm {
    fn init(inputs: usize, hidden: usize, init: &mut Init<'_>) -> Lstm {
        // PyTorch's rule, from the number of hidden units for all four parameters.
        let limit = 1.0 / (hidden as f64).sqrt();
        Lstm {
            weight_ih: init.uniform(limit, [4 * hidden, inputs]),
            weight_hh: init.uniform(limit, [4 * hidden, hidden]),
            bias_ih: init.uniform(limit, [4 * hidden]),
            bias_hh: init.uniform(limit, [4 * hidden]),
        }
    }

    /// `[steps * sequences, inputs]` -> `[steps * sequences, hidden]`, each step's sequences side by side.
    fn forward(&self, x: Tensor<2>, n_sequences: usize, is_reverse: bool) -> Tensor<2> {
        let n_steps = x.dims()[0] / n_sequences;
        let hidden = self.weight_hh.dims()[1];
        let bias = self.bias_ih.val() + self.bias_hh.val();
        // The inputs' part of all gates of all steps is one product; only the recurrent part has to wait for the step before.
        let inputs = x.matmul(self.weight_ih.val().transpose()) + bias.unsqueeze::<2>();
        let recurrent = self.weight_hh.val().transpose();
        let zeros = Tensor::zeros([n_sequences, hidden], &inputs.device());
        let (mut output, mut cell) = (zeros.clone(), zeros);
        let mut outputs = Vec::with_capacity(n_steps);
        for step in 0..n_steps {
            let step = if is_reverse { n_steps - 1 - step } else { step };
            let rows = step * n_sequences..(step + 1) * n_sequences;
            let gates = inputs.clone().slice([rows, 0..4 * hidden]) + output.matmul(recurrent.clone());
            let gate =
                |index: usize| gates.clone().slice([0..n_sequences, index * hidden..(index + 1) * hidden]);
            cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * tanh(gate(2));
            output = sigmoid(gate(3)) * tanh(cell.clone());
            outputs.push(output.clone());
        }
        if is_reverse {
            outputs.reverse();
        }
        Tensor::cat(outputs, 0)
    }
}

#[cfg(test)]
mod tests {
    use burn::module::ParamId;

    use super::*;
    use crate::test_support::{Function, check_gradients};

    #[test]
    fn gradients_are_those_of_finite_differences() {
        const INPUTS: usize = 3;
        const HIDDEN: usize = 2;
        let one = [4 * HIDDEN * INPUTS, 4 * HIDDEN * HIDDEN, 4 * HIDDEN, 4 * HIDDEN];
        let [w, h, b, c] = one;
        check_gradients(Function {
            lengths: [4 * 2 * INPUTS, w, h, b, c, w, h, b, c],
            value: Box::new(|[x, w, h, b, c, rw, rh, rb, rc]| {
                let lstm = |w: Tensor<1>, h: Tensor<1>, b, c| Lstm {
                    weight_ih: Param::initialized(ParamId::new(), w.reshape([4 * HIDDEN, INPUTS])),
                    weight_hh: Param::initialized(ParamId::new(), h.reshape([4 * HIDDEN, HIDDEN])),
                    bias_ih: Param::initialized(ParamId::new(), b),
                    bias_hh: Param::initialized(ParamId::new(), c),
                };
                let layer = BiLstmLayer { forward: lstm(w, h, b, c), reverse: lstm(rw, rh, rb, rc) };
                BiLstm { layers: vec![layer] }.forward(x.reshape([8, INPUTS]), 2, &mut Mode::Predict)
            }),
        });
    }
}
