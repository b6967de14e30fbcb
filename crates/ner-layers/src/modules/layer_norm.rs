use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::init::Init;
use crate::host::normalisation::EPSILON;

/// Layer normalisation (Ba et al., 2016), with Thinc's epsilon.
#[derive(Module, Debug)]
pub struct LayerNorm {
    /// Scale, `[width]`
    pub gain: Param<Tensor<1>>,
    /// Shift, `[width]`
    pub bias: Param<Tensor<1>>,
}

impl LayerNorm {
    /// Scale one, shift zero.
    pub fn init(width: usize, init: &Init<'_>) -> LayerNorm {
        LayerNorm { gain: init.constant(1.0, [width]), bias: init.constant(0.0, [width]) }
    }

    /// `[rows, width]` -> `[rows, width]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        // As the kernel computes it (`host/normalisation.rs`), which this is the reference for.
        let centred = x.clone() - x.mean_dim(1);
        let variance = (centred.clone() * centred.clone()).mean_dim(1) + EPSILON;
        centred / variance.sqrt() * self.gain.val().unsqueeze::<2>() + self.bias.val().unsqueeze::<2>()
    }
}
