use burn::tensor::Tensor;

/// The numbers of a tensor, row by row. Nothing is copied if nobody else holds the tensor and it is on the CPU.
pub fn to_vec<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("the tensors of this workspace are f32")
}
