use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::{Init, PackedMatrix, Rows, to_vec};

/// An affine function.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[outputs, inputs]`
    pub weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Linear {
    /// Glorot-uniform weights, zero bias.
    pub fn init(outputs: usize, inputs: usize, init: &mut Init<'_>) -> Linear {
        Linear { weight: init.glorot_uniform([outputs, inputs]), bias: init.constant(0.0, [outputs]) }
    }

    /// All weights zero.
    pub fn zeros(outputs: usize, inputs: usize, init: &Init<'_>) -> Linear {
        Linear { weight: init.constant(0.0, [outputs, inputs]), bias: init.constant(0.0, [outputs]) }
    }

    /// On the host, without a backward pass: `[rows, inputs]` -> `[rows, outputs]`
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let [_, inputs] = self.weight.dims();
        let weight = to_vec(self.weight.val().without_autodiff());
        let bias = to_vec(self.bias.val().without_autodiff());
        let mut outputs = PackedMatrix::from_columns(&weight, inputs).product(Rows::ByRow(x));
        for row in outputs.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(&bias).for_each(|(value, bias)| *value += bias);
        }
        outputs
    }
}
