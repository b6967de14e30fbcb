use std::sync::Arc;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, backend_extension};
use burn::tensor::{Device, Tensor};

use super::packed_weights::PackedWeights;
use crate::host::mask::Mask;
use crate::kernel::filter::Filter;
use crate::kernel::window_rows::WindowRows;

/// Whether the operations of this module can be used on a device.
pub(crate) fn is_available(device: &Device) -> bool {
    // A device with automatic differentiation wraps the one that computes.
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// Everything that a call of [`maxout_window`] needs beside tensors.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) layer: WindowRows,
    pub(crate) filter: Filter,
    /// `[centres, outputs]`
    pub(crate) mask: Option<Mask>,
    pub(crate) packed: PackedWeights,
}

/// The parameters of a maxout over windows and of the normalisation after it.
pub(crate) struct Parameters {
    /// `[outputs, pieces, inputs]`
    pub(crate) weight: Tensor<3>,
    /// `[outputs, pieces]`
    pub(crate) bias: Tensor<2>,
    /// `[outputs]`
    pub(crate) gain: Tensor<1>,
    /// `[outputs]`
    pub(crate) shift: Tensor<1>,
}

/// The operations on a backend's own tensors. Each tensor is a parameter of its own, since Burn chooses the backend by
/// them and records a backward pass for each.
#[backend_extension(Autodiff, Flex)]
pub(crate) trait FusedLayers: Backend {
    /// See [`maxout_window`].
    fn maxout_window(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self>;

    /// See [`row_sums`].
    fn row_sums(x: FloatTensor<Self>, sources: Arc<[u32]>, n_terms: usize) -> FloatTensor<Self>;
}

/// Maxout over windows of rows, then layer normalisation, dropout and the residual connection, as far as the call asks
/// for them: `[rows, width]` -> `[centres, outputs]`
pub(crate) fn maxout_window(x: Tensor<2>, parameters: Parameters, call: Call) -> Tensor<2> {
    let Parameters { weight, bias, gain, shift } = parameters;
    let (weight, bias) = (weight.into_dispatch(), bias.into_dispatch());
    let (gain, shift) = (gain.into_dispatch(), shift.into_dispatch());
    Tensor::from_dispatch(Dispatch::maxout_window(x.into_dispatch(), weight, bias, gain, shift, call))
}

/// Sums of the rows that `sources` numbers, `n_terms` for each: `[rows, width]` -> `[sums, width]`
pub(crate) fn row_sums(x: Tensor<2>, sources: Arc<[u32]>, n_terms: usize) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::row_sums(x.into_dispatch(), sources, n_terms))
}
