use std::borrow::Cow;

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, TensorMetadata, backend_extension};
use burn::tensor::{Device, Tensor, TensorData};

use crate::kernel::windows::Windows;
use crate::layer_tensors::LayerTensors;
use crate::shape::{LayerDropout, Shape};

/// Whether the operations of this module can be used on a device.
pub(crate) fn is_available(device: &Device) -> bool {
    // A device with automatic differentiation wraps the one that computes.
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// Everything that a call of [`layer`] needs beside tensors.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) shape: Shape,
    pub(crate) windows: Windows,
    pub(crate) dropout: LayerDropout,
    /// Whether the forward pass is done again in the backward pass, in place of keeping what it leaves.
    pub(crate) checkpoints: bool,
}

/// The operation on a backend's own tensors. Each tensor is a parameter of its own, since Burn chooses the backend by them
/// and records a backward pass for each.
#[backend_extension(Autodiff, Flex)]
#[expect(clippy::too_many_arguments, reason = "each tensor is a parameter of its own")]
pub(crate) trait FusedLayers: Backend {
    /// See [`layer`].
    fn encoder_layer(
        x: FloatTensor<Self>,
        attention_input: FloatTensor<Self>,
        attention_input_bias: FloatTensor<Self>,
        attention_output: FloatTensor<Self>,
        attention_output_bias: FloatTensor<Self>,
        attention_gain: FloatTensor<Self>,
        attention_shift: FloatTensor<Self>,
        intermediate: FloatTensor<Self>,
        intermediate_bias: FloatTensor<Self>,
        output: FloatTensor<Self>,
        output_bias: FloatTensor<Self>,
        output_gain: FloatTensor<Self>,
        output_shift: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self>;
}

/// A layer of an encoder in training: `[rows, width]` -> `[rows, width]`
pub(crate) fn layer(x: Tensor<2>, weights: LayerTensors, call: Call) -> Tensor<2> {
    let LayerTensors { attention_input, attention_output, attention_norm, intermediate, output, output_norm } =
        weights;
    Tensor::from_dispatch(Dispatch::encoder_layer(
        x.into_dispatch(),
        attention_input.0.into_dispatch(),
        attention_input.1.into_dispatch(),
        attention_output.0.into_dispatch(),
        attention_output.1.into_dispatch(),
        attention_norm.0.into_dispatch(),
        attention_norm.1.into_dispatch(),
        intermediate.0.into_dispatch(),
        intermediate.1.into_dispatch(),
        output.0.into_dispatch(),
        output.1.into_dispatch(),
        output_norm.0.into_dispatch(),
        output_norm.1.into_dispatch(),
        call,
    ))
}

/// The numbers of a tensor, row by row.
pub(crate) fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice() {
        Some(numbers) => Cow::Borrowed(numbers),
        // A transposed or sliced tensor: only a copy has its numbers in a row.
        None => {
            let copy = tensor.to_contiguous();
            Cow::Owned(copy.as_slice::<f32>().expect("the tensors of this workspace are f32").to_vec())
        }
    }
}

/// A tensor that owns its numbers, given row by row.
pub(super) fn tensor(numbers: Vec<f32>, shape: Vec<usize>) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(numbers, shape))
}

/// The lengths of a tensor's axes.
pub(super) fn shape(tensor: &FlexTensor) -> Vec<usize> {
    tensor.shape().iter().copied().collect()
}
