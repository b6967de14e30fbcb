use ner_layers::{Linear, PackedMatrix, Rows};

use super::parser_weights::ParserWeights;
use crate::Parameter;

/// The layers above the token vectors as the host reads them: copies of the weights, laid out for products with rows.
///
/// Where a weight has an axis of pieces, it comes before that of the outputs: equal pieces of all outputs lie side by side,
/// so that a register compares one piece of many outputs with the next.
#[derive(Debug)]
pub struct StateLayers {
    /// The number of tokens that a state shows.
    pub n_features: usize,
    /// Length of the state's vector.
    pub n_hidden: usize,
    /// Pieces of each number of the state's vector, of which the largest is taken.
    pub n_pieces: usize,
    /// Length of a token's vector as the state layer takes it.
    pub(super) n_inputs: usize,
    /// `[width, inputs]`
    linear: PackedMatrix,
    /// `[inputs]`
    linear_bias: Vec<f32>,
    /// The state layer's weights of the first feature, `[inputs, pieces, hidden]`. Packed, since it is multiplied by all
    /// tokens at once.
    pub(super) next: PackedMatrix,
    /// Those of each other feature, `[inputs, pieces, hidden]`. Plain rows, since single tokens are multiplied by them: for
    /// one vector, a product in panels is three times as slow.
    pub(super) open: Vec<Vec<f32>>,
    /// What stands in for an absent token, `[features, pieces, hidden]`
    pub(super) pad: Vec<f32>,
    /// `[pieces, hidden]`
    pub(super) bias: Vec<f32>,
    pub(super) upper: Option<UpperLayer>,
    /// What each action adds where the next token's word was last consumed by it, `[actions, pieces, hidden]`; empty if
    /// the parser does not look back.
    pub(super) earlier: Vec<f32>,
}

/// The layer from a state's vector to its scores, as plain rows in both directions: forward it adds up rows of `by_hidden`,
/// and backward rows of `by_action`.
#[derive(Debug)]
pub(super) struct UpperLayer {
    /// `[actions, hidden]`
    pub(super) by_action: Vec<f32>,
    /// `[hidden, actions]`
    pub(super) by_hidden: Vec<f32>,
    /// `[actions]`
    pub(super) bias: Vec<f32>,
}

impl StateLayers {
    pub(super) fn new(weights: &ParserWeights) -> StateLayers {
        let ParserWeights { linear, lower, upper, earlier } = weights;
        let [n_features, n_hidden, n_pieces, n_inputs] = lower.weight.dims();
        let [_, width] = linear.weight.dims();
        let by_feature = lower.feature_weights();
        StateLayers {
            n_features,
            n_hidden,
            n_pieces,
            n_inputs,
            linear: PackedMatrix::from_columns(&numbers(&linear.weight), width),
            linear_bias: numbers(&linear.bias),
            next: PackedMatrix::from_columns(&by_feature[0], n_inputs),
            open: by_feature[1..].iter().map(|weight| transposed(weight, n_inputs)).collect(),
            pad: pieces_first(&numbers(&lower.pad), n_hidden, n_pieces),
            bias: pieces_first(&numbers(&lower.bias), n_hidden, n_pieces),
            upper: upper.as_ref().map(|upper| UpperLayer::new(upper, n_hidden)),
            earlier: earlier
                .as_ref()
                .map(|earlier| pieces_first(&numbers(earlier), n_hidden, n_pieces))
                .unwrap_or_default(),
        }
    }

    /// Adds a number to the score of an action in all states.
    pub(super) fn add_to_score(&mut self, action: usize, number: f32) {
        match &mut self.upper {
            Some(upper) => upper.bias[action] += number,
            // Each piece has its own, and the largest sum is the score.
            None => self.bias.iter_mut().skip(action).step_by(self.n_hidden).for_each(|bias| *bias += number),
        }
    }

    /// Whether a state shows by which action the next token's word was consumed before.
    pub fn looks_back(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// What the earlier action with this number adds, `[pieces, hidden]`; `None` for -1, or for one that was not learned.
    #[inline(always)]
    pub(super) fn of_earlier(&self, action: i32) -> Option<&[f32]> {
        let row = self.bias.len();
        let start = usize::try_from(action).ok()? * row;
        self.earlier.get(start..start + row)
    }

    /// The numbers that show a state: the tokens', and the earlier action's if the parser looks back.
    pub fn n_ids(&self) -> usize {
        self.n_features + usize::from(self.looks_back())
    }

    /// Token vectors as the state layer takes them: `[tokens, width]` -> `[tokens, inputs]`
    pub(super) fn projected(&self, vectors: &[f32]) -> Vec<f32> {
        let mut projected = self.linear.product(Rows::ByRow(vectors));
        for row in projected.chunks_exact_mut(self.n_inputs) {
            row.iter_mut().zip(&self.linear_bias).for_each(|(value, bias)| *value += bias);
        }
        projected
    }
}

impl UpperLayer {
    fn new(upper: &Linear, n_hidden: usize) -> UpperLayer {
        let by_action = numbers(&upper.weight);
        let by_hidden = transposed(&by_action, n_hidden);
        UpperLayer { by_action, by_hidden, bias: numbers(&upper.bias) }
    }
}

fn numbers(parameter: &dyn Parameter) -> Vec<f32> {
    parameter.array().into_parts().1
}

/// `[.., hidden, pieces]` -> `[.., pieces, hidden]`
fn pieces_first(values: &[f32], n_hidden: usize, n_pieces: usize) -> Vec<f32> {
    values.chunks_exact(n_hidden * n_pieces).flat_map(|values| transposed(values, n_pieces)).collect()
}

/// `[.., pieces, hidden]` -> `[.., hidden, pieces]`
pub(super) fn pieces_last(values: &[f32], n_hidden: usize, n_pieces: usize) -> Vec<f32> {
    values.chunks_exact(n_hidden * n_pieces).flat_map(|values| transposed(values, n_hidden)).collect()
}

/// `[rows, columns]` -> `[columns, rows]`
fn transposed(matrix: &[f32], n_columns: usize) -> Vec<f32> {
    let n_rows = matrix.len() / n_columns;
    let mut transposed = vec![0.0; matrix.len()];
    for (index, row) in matrix.chunks_exact(n_columns).enumerate() {
        let column = transposed[index..].iter_mut().step_by(n_rows);
        column.zip(row).for_each(|(place, &value)| *place = value);
    }
    transposed
}
