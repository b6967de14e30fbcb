//! Layers as Burn modules, and the operations on tensors that they are made of.
//!
//! A layer that also exists as one fused operation has both methods: `forward` chooses by device, and `compose` is the
//! reference that tests compare the kernel with.

pub(crate) mod bi_lstm;
pub(crate) mod byte_embed;
pub(crate) mod dropout;
pub(crate) mod hash_embed;
pub(crate) mod init;
pub(crate) mod layer_norm;
pub(crate) mod linear;
pub(crate) mod maxout;
pub(crate) mod maxout_window;
pub(crate) mod mish;
pub(crate) mod precomputable_affine;
pub(crate) mod ragged;
pub(crate) mod rows;
pub(crate) mod window_shares;

use burn::tensor::Tensor;

/// The numbers of a tensor, row by row. They are moved, not copied, if the tensor is on the CPU and not shared.
pub fn to_vec<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("the tensors of this workspace are f32")
}
