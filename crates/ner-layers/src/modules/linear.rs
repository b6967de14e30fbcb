use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::init::Init;

/// The parameters of an affine function, `[rows, inputs]` -> `[rows, outputs]`. It is computed where they are used.
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

    /// All weights zero: the first weights of an output layer, so that training begins without a preference.
    pub fn zeros(outputs: usize, inputs: usize, init: &Init<'_>) -> Linear {
        Linear { weight: init.constant(0.0, [outputs, inputs]), bias: init.constant(0.0, [outputs]) }
    }
}
