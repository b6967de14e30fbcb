use std::sync::Arc;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};

use super::flex_tensor::{numbers, tensor};
use super::operations::{Call, FusedLayers};
use crate::kernel::gather_scatter::sum_rows;
use crate::kernel::window_block::MaxoutWindowKernel;
use crate::kernel::window_forward::forward;

impl FusedLayers for Flex {
    fn maxout_window(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        gain: FlexTensor,
        shift: FlexTensor,
        Call { layer, filter, mask, packed }: Call,
    ) -> FlexTensor {
        let (n_rows, outputs) = (layer.n_centres(x.shape()[0]), weight.shape()[0]);
        let maxout = packed.of(&weight, &bias, filter);
        let (gain, shift) = (numbers(&gain), numbers(&shift));
        let kernel = MaxoutWindowKernel { layer: &layer, maxout: &maxout, gain: &gain, shift: &shift, mask };
        tensor(forward(&kernel, &numbers(&x)), [n_rows, outputs])
    }

    fn row_sums(x: FlexTensor, sources: Arc<[u32]>, n_terms: usize) -> FlexTensor {
        let width = x.shape()[1];
        let n_sums = sources.len() / n_terms;
        tensor(sum_rows(&numbers(&x), width, &sources, n_terms), [n_sums, width])
    }
}
