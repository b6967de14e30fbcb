use burn::tensor::Tensor;

/// A linear layer's weight `[outputs, inputs]` and bias `[outputs]`.
pub(crate) type LinearTensors = (Tensor<2>, Tensor<1>);

/// A normalisation's scale and shift, `[width]`.
pub(crate) type NormTensors = (Tensor<1>, Tensor<1>);

/// The weights of a layer, those of queries, keys and values stacked.
#[derive(Clone, Debug)]
pub(crate) struct LayerTensors {
    pub(crate) attention_input: LinearTensors,
    pub(crate) attention_output: LinearTensors,
    pub(crate) attention_norm: NormTensors,
    pub(crate) intermediate: LinearTensors,
    pub(crate) output: LinearTensors,
    pub(crate) output_norm: NormTensors,
}
