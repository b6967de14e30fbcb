use burn::tensor::Tensor;

/// Every row between its `size` neighbours on either side; zeros beyond the ends.
/// `[rows, width]` -> `[rows, (2 * size + 1) * width]`
pub fn expand_window(x: Tensor<2>, size: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    let edge = Tensor::zeros([size, width], &x.device());
    let padded = Tensor::cat(vec![edge.clone(), x, edge], 0);
    let shifted =
        (0..=2 * size).map(|offset| padded.clone().slice([offset..offset + rows, 0..width])).collect();
    Tensor::cat(shifted, 1)
}
