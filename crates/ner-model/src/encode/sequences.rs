use burn::tensor::Tensor;

/// Applies `forward` to each sequence apart from the others: `[tokens, width]` -> `[tokens, outputs]`.
pub(super) fn each_alone(
    x: Tensor<2>,
    lengths: &[usize],
    mut forward: impl FnMut(Tensor<2>, usize) -> Tensor<2>,
) -> Tensor<2> {
    let width = x.dims()[1];
    let mut start = 0;
    let mut outputs = Vec::with_capacity(lengths.len());
    for &length in lengths.iter().filter(|&&length| length > 0) {
        outputs.push(forward(x.clone().slice([start..start + length, 0..width]), length));
        start += length;
    }
    Tensor::cat(outputs, 0)
}
