use std::sync::OnceLock;

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;

use crate::Precision;
use crate::fused::operations::numbers;
use crate::kernel::weights::{LayerWeights, PackedLayer};
use crate::layer::EncoderLayer;
use crate::layer_tensors::LayerTensors;

/// The weights of layers as kernels read them in prediction, kept until they may change.
#[derive(Debug, Default)]
pub(crate) struct PackedLayers {
    precision: Precision,
    packed: OnceLock<Vec<PackedLayer>>,
}

impl PackedLayers {
    /// None yet.
    pub(crate) fn new(precision: Precision) -> PackedLayers {
        PackedLayers { precision, packed: OnceLock::new() }
    }

    /// For weights that may have changed.
    pub(crate) fn forget(&mut self) {
        self.packed.take();
    }

    /// Those of these layers, which are always the same.
    pub(crate) fn of(&self, layers: &[EncoderLayer]) -> &[PackedLayer] {
        self.packed.get_or_init(|| layers.iter().map(|layer| pack(layer.tensors(), self.precision)).collect())
    }
}

fn pack(weights: LayerTensors, precision: Precision) -> PackedLayer {
    let LayerTensors { attention_input, attention_output, attention_norm, intermediate, output, output_norm } =
        weights;
    let weights = [
        primitive(attention_input.0),
        primitive(attention_input.1),
        primitive(attention_output.0),
        primitive(attention_output.1),
        primitive(attention_norm.0),
        primitive(attention_norm.1),
        primitive(intermediate.0),
        primitive(intermediate.1),
        primitive(output.0),
        primitive(output.1),
        primitive(output_norm.0),
        primitive(output_norm.1),
    ];
    PackedLayer::new(LayerWeights::new(weights.each_ref().map(numbers)), precision)
}

/// The backend's own tensor.
pub(crate) fn primitive<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    let tensor = tensor.without_autodiff().try_into_primitive::<Flex>();
    tensor.expect("the device was asked before")
}
