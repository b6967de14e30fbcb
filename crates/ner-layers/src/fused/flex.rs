use std::borrow::Cow;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::TensorData;

use super::{Call, FusedLayers};
use crate::kernel::gather_scatter::sum_rows;
use crate::kernel::window_forward::MaxoutWindowKernel;
use crate::modules::row_sums::RowSums;

impl FusedLayers for Flex {
    fn maxout_window(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        gain: FlexTensor,
        shift: FlexTensor,
        Call { layer, mask, packed }: Call,
    ) -> FlexTensor {
        let (n_rows, outputs) = (layer.n_centres(x.shape()[0]), weight.shape()[0]);
        let maxout = packed.of(&weight, &bias, &layer);
        let (gain, shift) = (numbers(&gain), numbers(&shift));
        let kernel = MaxoutWindowKernel { layer: &layer, maxout: &maxout, gain: &gain, shift: &shift, mask };
        tensor(kernel.forward(&numbers(&x)), [n_rows, outputs])
    }

    fn row_sums(x: FlexTensor, sums: RowSums) -> FlexTensor {
        let width = x.shape()[1];
        let n_sums = sums.sources.len() / sums.n_terms;
        tensor(sum_rows(&numbers(&x), width, &sums.sources, sums.n_terms), [n_sums, width])
    }
}

/// The numbers of a tensor, row by row.
pub(super) fn numbers(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice() {
        Some(numbers) => Cow::Borrowed(numbers),
        None => {
            let copy = tensor.to_contiguous();
            Cow::Owned(copy.as_slice::<f32>().expect("the tensors of this workspace are f32").to_vec())
        }
    }
}

pub(super) fn tensor<const D: usize>(numbers: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(numbers, shape))
}

/// The lengths of a tensor's axes.
pub(super) fn shape<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    core::array::from_fn(|axis| tensor.shape()[axis])
}
