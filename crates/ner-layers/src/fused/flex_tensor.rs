use std::borrow::Cow;

use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;

/// The numbers of a tensor, row by row.
pub(super) fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
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
pub(super) fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(numbers, shape))
}

/// The lengths of a tensor's axes, of which there are `D`.
pub(super) fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    core::array::from_fn(|axis| tensor.shape()[axis])
}
