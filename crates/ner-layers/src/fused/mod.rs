//! Layers as one operation each on Burn's CPU backend, with their own backward passes.

mod autodiff;
mod flex;
pub(crate) mod packed_weights;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, Flex, backend_extension};
use burn::tensor::{Device, Tensor};

use crate::modules::dropout::Mask;
use crate::modules::layer_norm::LayerNorm;
use crate::modules::maxout::Maxout;
use crate::modules::maxout_window::MaxoutWindow;
use crate::modules::row_sums::RowSums;
use packed_weights::PackedWeights;

/// Whether the operations of this module can be used on a device.
pub(crate) fn is_available(device: &Device) -> bool {
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// A layer with all that it needs at the moment but tensors.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    layer: MaxoutWindow,
    mask: Option<Mask>,
    packed: PackedWeights,
}

/// Operations on a backend's own tensors.
#[backend_extension(Autodiff, Flex)]
pub(crate) trait FusedLayers: Backend {
    /// See [`MaxoutWindow`].
    fn maxout_window(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self>;

    /// See [`RowSums`].
    fn row_sums(x: FloatTensor<Self>, sums: RowSums) -> FloatTensor<Self>;
}

/// Lays out the weights of a layer, if they are on this machine's processor.
pub(crate) fn prepare(maxout: &Maxout, layer: &MaxoutWindow) {
    let weight = maxout.weight.val().without_autodiff().try_into_primitive::<Flex>();
    let bias = maxout.bias.val().without_autodiff().try_into_primitive::<Flex>();
    if let (Ok(weight), Ok(bias)) = (weight, bias) {
        maxout.packed.of(&weight, &bias, layer);
    }
}

pub(crate) fn maxout_window(
    layer: MaxoutWindow,
    x: Tensor<2>,
    maxout: &Maxout,
    norm: &LayerNorm,
    mask: Option<Mask>,
) -> Tensor<2> {
    let (weight, bias) = (maxout.weight.val().into_dispatch(), maxout.bias.val().into_dispatch());
    let (gain, shift) = (norm.gain.val().into_dispatch(), norm.bias.val().into_dispatch());
    let call = Call { layer, mask, packed: maxout.packed.clone() };
    Tensor::from_dispatch(Dispatch::maxout_window(x.into_dispatch(), weight, bias, gain, shift, call))
}

pub(crate) fn row_sums(sums: &RowSums, x: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::row_sums(x.into_dispatch(), sums.clone()))
}
