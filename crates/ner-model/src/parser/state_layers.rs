use ner_layers::{PackedMatrix, Rows};

use crate::{Parameter, TransitionModel};

/// The layers above the token vectors, on the host, laid out for products with rows: those that score the actions of
/// states.
#[derive(Debug)]
pub struct StateLayers {
    /// Token ids that a state shows.
    pub n_features: usize,
    /// Length of the state's vector.
    pub n_hidden: usize,
    /// Pieces of each of its numbers.
    pub n_pieces: usize,
    /// Length of a token's vector as the state layer takes it.
    pub(crate) n_inputs: usize,
    /// `[width, inputs]`
    linear: PackedMatrix,
    /// `[inputs]`
    linear_bias: Vec<f32>,
    /// The state layer's weights of the first feature, `[inputs, pieces, hidden]`
    pub(crate) next: PackedMatrix,
    /// Those of each other feature, `[inputs, pieces, hidden]`
    pub(crate) open: Vec<Vec<f32>>,
    /// `[features, pieces, hidden]`
    pub(crate) pad: Vec<f32>,
    /// `[pieces, hidden]`
    pub(crate) bias: Vec<f32>,
    pub(crate) upper: Option<UpperLayer>,
}

/// The layer from a state's vector to its scores.
#[derive(Debug)]
pub(crate) struct UpperLayer {
    /// `[actions, hidden]`
    pub(crate) by_action: Vec<f32>,
    /// `[hidden, actions]`
    pub(crate) by_hidden: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl StateLayers {
    pub(crate) fn new(model: &TransitionModel) -> StateLayers {
        let numbers = |parameter: &dyn Parameter| parameter.array().into_parts().1;
        let TransitionModel { linear, lower, upper, .. } = model;
        let [n_features, n_hidden, n_pieces, n_inputs] = lower.weight.dims();
        let [_, width] = linear.weight.dims();
        let weights = lower.feature_weights();
        let upper = upper.as_ref().map(|upper| {
            let by_action = numbers(&upper.weight);
            let by_hidden = transposed(&by_action, n_hidden);
            UpperLayer { by_action, by_hidden, bias: numbers(&upper.bias) }
        });
        StateLayers {
            n_features,
            n_hidden,
            n_pieces,
            n_inputs,
            linear: PackedMatrix::from_columns(&numbers(&linear.weight), width),
            linear_bias: numbers(&linear.bias),
            next: PackedMatrix::from_columns(&weights[0], n_inputs),
            open: weights[1..].iter().map(|weight| transposed(weight, n_inputs)).collect(),
            pad: pieces_first(&numbers(&lower.pad), n_hidden, n_pieces),
            bias: pieces_first(&numbers(&lower.bias), n_hidden, n_pieces),
            upper,
        }
    }

    /// Token vectors as the state layer takes them: `[tokens, width]` -> `[tokens, inputs]`
    pub(crate) fn projected(&self, vectors: &[f32]) -> Vec<f32> {
        let mut projected = self.linear.product(Rows::ByRow(vectors));
        for row in projected.chunks_exact_mut(self.n_inputs) {
            row.iter_mut().zip(&self.linear_bias).for_each(|(value, bias)| *value += bias);
        }
        projected
    }
}

/// `[.., hidden, pieces]` -> `[.., pieces, hidden]`
fn pieces_first(values: &[f32], n_hidden: usize, n_pieces: usize) -> Vec<f32> {
    values.chunks_exact(n_hidden * n_pieces).flat_map(|values| transposed(values, n_pieces)).collect()
}

/// `[.., pieces, hidden]` -> `[.., hidden, pieces]`
pub(crate) fn pieces_last(values: &[f32], n_hidden: usize, n_pieces: usize) -> Vec<f32> {
    values.chunks_exact(n_hidden * n_pieces).flat_map(|values| transposed(values, n_hidden)).collect()
}

fn transposed(matrix: &[f32], n_columns: usize) -> Vec<f32> {
    let n_rows = matrix.len() / n_columns;
    let mut transposed = vec![0.0; matrix.len()];
    for (index, row) in matrix.chunks_exact(n_columns).enumerate() {
        let column = transposed[index..].iter_mut().step_by(n_rows);
        column.zip(row).for_each(|(place, &value)| *place = value);
    }
    transposed
}
