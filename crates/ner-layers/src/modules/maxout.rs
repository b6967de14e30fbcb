use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::init::Init;

/// Each output is the largest of several affine functions of the input (Goodfellow et al., 2013).
#[derive(Module, Debug)]
pub struct Maxout {
    /// `[outputs, pieces, inputs]`
    pub weight: Param<Tensor<3>>,
    /// `[outputs, pieces]`
    pub bias: Param<Tensor<2>>,
    /// The weights as the kernel reads them, once it has.
    #[module(skip)]
    pub(crate) packed: Packed,
}

// A unit without kernels, so that the struct has the same fields in every build.
#[cfg(feature = "flex")]
pub(crate) type Packed = crate::fused::packed_weights::PackedWeights;
#[cfg(not(feature = "flex"))]
pub(crate) type Packed = ();

impl Maxout {
    /// Glorot-uniform weights, zero bias.
    pub fn init(outputs: usize, pieces: usize, inputs: usize, init: &mut Init<'_>) -> Maxout {
        Maxout {
            weight: init.glorot_uniform([outputs, pieces, inputs]),
            bias: init.constant(0.0, [outputs, pieces]),
            packed: Packed::default(),
        }
    }

    /// Releases the copy of the weights that the kernel keeps. Must be called before they change: Burn copies a tensor
    /// that is shared instead of changing it in place.
    pub fn forget(&mut self) {
        #[cfg(feature = "flex")]
        self.packed.forget();
    }

    /// `[rows, inputs]` -> `[rows, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [outputs, pieces, inputs] = self.weight.dims();
        let rows = x.dims()[0];
        // The pieces of all outputs in one product.
        let weight = self.weight.val().reshape([outputs * pieces, inputs]).transpose();
        let pieces_of_outputs = x.matmul(weight) + self.bias.val().reshape([1, outputs * pieces]);
        pieces_of_outputs.reshape([rows, outputs, pieces]).max_dim(2).reshape([rows, outputs])
    }
}
