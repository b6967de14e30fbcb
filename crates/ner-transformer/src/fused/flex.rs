use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

use super::operations::{Call, FusedLayers, numbers, shape, tensor};
use crate::Precision;
use crate::kernel::forward::{forward, forward_saving};
use crate::kernel::weights::{LayerWeights, PackedLayer};

impl FusedLayers for Flex {
    fn encoder_layer(
        x: FlexTensor,
        attention_input: FlexTensor,
        attention_input_bias: FlexTensor,
        attention_output: FlexTensor,
        attention_output_bias: FlexTensor,
        attention_gain: FlexTensor,
        attention_shift: FlexTensor,
        intermediate: FlexTensor,
        intermediate_bias: FlexTensor,
        output: FlexTensor,
        output_bias: FlexTensor,
        output_gain: FlexTensor,
        output_shift: FlexTensor,
        call: Call,
    ) -> FlexTensor {
        let weights = [
            attention_input,
            attention_input_bias,
            attention_output,
            attention_output_bias,
            attention_gain,
            attention_shift,
            intermediate,
            intermediate_bias,
            output,
            output_bias,
            output_gain,
            output_shift,
        ];
        let packed = PackedLayer::new(LayerWeights::new(weights.each_ref().map(numbers)), Precision::Single);
        let Call { shape: sizes, windows, dropout, .. } = call;
        let rows = numbers(&x);
        let output = match dropout.is_none() {
            true => forward(&packed, &sizes, &windows, &rows),
            false => forward_saving(&packed, &sizes, &windows, &dropout, &rows).0,
        };
        tensor(output, shape(&x))
    }
}
