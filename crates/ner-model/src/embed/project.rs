use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use ner_layers::{PackedMatrix, Rows, to_vec};

/// Multiplies rows by weights `[outputs, inputs]`: `[rows, inputs]` -> `[rows, outputs]`.
///
/// In prediction on the host, where the result of a row does not depend on the rows beside it, so that it can be
/// remembered: the products of Burn's backends differ in the last bits with the number of rows.
pub(super) fn project(x: Tensor<2>, weight: &Param<Tensor<2>>) -> Tensor<2> {
    let weight = weight.val();
    if weight.is_autodiff() {
        return x.matmul(weight.transpose());
    }
    let ([n_rows, n_inputs], [n_outputs, _], device) = (x.dims(), weight.dims(), weight.device());
    let product = PackedMatrix::from_columns(&to_vec(weight), n_inputs).product(Rows::ByRow(&to_vec(x)));
    Tensor::from_data(TensorData::new(product, [n_rows, n_outputs]), &device)
}
