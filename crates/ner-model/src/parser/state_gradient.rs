use burn::tensor::{Tensor, TensorData};
use ner_layers::{PackedMatrix, Rows, add_outer_product, to_vec};
use pulp::Arch;

use super::state_layers::pieces_last;
use super::token_rows::TokenRows;
use crate::{StateScorer, TransitionModel};

/// The gradients of the state layers and of the tokens, summed over visited states.
#[derive(Debug)]
pub struct StateGradient {
    /// Of what each token adds as the next one: `[tokens, pieces, hidden]`
    d_next: Vec<f32>,
    /// Of what tokens of open entities add, for each of the other features.
    d_open: Vec<TokenRows>,
    /// `[features, pieces, hidden]`
    d_pad: Vec<f32>,
    /// `[pieces, hidden]`
    d_lower_bias: Vec<f32>,
    /// `[actions, hidden]`
    d_upper: Vec<f32>,
    d_upper_bias: Vec<f32>,
    /// `[hidden]`
    d_hidden: Vec<f32>,
    /// The gradient of one state's pieces, `[pieces, hidden]`
    d_pieces: Vec<f32>,
}

/// One visited state: what it showed, what came of it, and what is wrong with its scores.
#[derive(Copy, Clone, Debug)]
pub struct VisitedState<'a> {
    /// Token ids, -1 for none.
    pub ids: &'a [i32],
    /// The state's vector, after dropout.
    pub hidden: &'a [f32],
    /// Which piece was the largest, by place.
    pub largest: &'a [u8],
    /// The dropout mask; empty without dropout.
    pub mask: &'a [f32],
    /// Gradient of the scores.
    pub d_scores: &'a [f32],
}

/// Gradients of the layers above the token vectors, and of these.
pub struct ParserGradients {
    /// One entry a parameter, by its id.
    pub parameters: Vec<(u64, Vec<f32>)>,
    /// What the token layers go on from, `[tokens, width]`
    pub d_vectors: Tensor<2>,
}

impl StateGradient {
    /// No gradient yet, for a batch of `n_tokens`.
    pub fn new(scorer: &StateScorer, n_tokens: usize) -> StateGradient {
        let row = scorer.layers.n_hidden * scorer.layers.n_pieces;
        let n_upper = if scorer.has_upper() { scorer.n_actions } else { 0 };
        StateGradient {
            d_next: vec![0.0; n_tokens * row],
            d_open: (1..scorer.layers.n_features).map(|_| TokenRows::new(n_tokens, row)).collect(),
            d_pad: vec![0.0; scorer.layers.n_features * row],
            d_lower_bias: vec![0.0; row],
            d_upper: vec![0.0; n_upper * scorer.layers.n_hidden],
            d_upper_bias: vec![0.0; n_upper],
            d_hidden: vec![0.0; scorer.layers.n_hidden],
            d_pieces: vec![0.0; row],
        }
    }

    /// Adds what one visited state contributes.
    pub fn add(&mut self, scorer: &StateScorer, state: VisitedState<'_>) {
        if scorer.has_upper() {
            add_outer_product(&mut self.d_upper, state.d_scores, state.hidden);
            self.d_upper_bias.iter_mut().zip(state.d_scores).for_each(|(sum, value)| *sum += value);
        }
        scorer.backward(state.d_scores, &mut self.d_hidden);
        self.d_hidden.iter_mut().zip(state.mask).for_each(|(value, mask)| *value *= mask);
        Arch::new().dispatch(
            #[inline(always)]
            || self.add_to_pieces(scorer, &state),
        );
    }

    #[inline(always)]
    fn add_to_pieces(&mut self, scorer: &StateScorer, state: &VisitedState<'_>) {
        for (piece, d_piece) in (0..).zip(self.d_pieces.chunks_exact_mut(scorer.layers.n_hidden)) {
            for ((place, &largest), &gradient) in d_piece.iter_mut().zip(state.largest).zip(&self.d_hidden) {
                *place = if largest == piece { gradient } else { 0.0 };
            }
        }
        let row = self.d_pieces.len();
        let add =
            |sums: &mut [f32]| sums.iter_mut().zip(&self.d_pieces).for_each(|(sum, value)| *sum += value);
        for (feature, &id) in state.ids.iter().enumerate() {
            add(match (usize::try_from(id), feature) {
                (Ok(token), 0) => &mut self.d_next[token * row..][..row],
                (Ok(token), _) => self.d_open[feature - 1].row(token, |_| ()),
                (Err(_), _) => &mut self.d_pad[feature * row..][..row],
            });
        }
        add(&mut self.d_lower_bias);
    }

    /// The gradients of the layers and of the token vectors that the scorer was made of.
    ///
    /// spaCy: an absent token multiplies its gradient into the weights with the last token of the batch
    /// (parser_model.pyx and _precomputable_affine.py: index -1).
    pub fn finish(self, model: &TransitionModel, scorer: &StateScorer) -> ParserGradients {
        let [_, n_hidden, n_pieces, n_inputs] = model.lower.weight.dims();
        let weight = model.linear.weight.val().without_autodiff();
        let ([_, width], device) = (weight.dims(), weight.device());
        let StateScorer { projected, vectors, .. } = scorer;
        let (d_projected, mut d_lower) =
            rayon::join(|| self.d_projected(model, n_inputs), || self.d_lower(projected, n_inputs));
        let (d_vectors, d_linear) = rayon::join(
            || PackedMatrix::from_rows(&to_vec(weight), width).product(Rows::ByRow(&d_projected)),
            || PackedMatrix::from_rows(vectors, width).product(Rows::ByInput(&d_projected)),
        );
        let d_vectors = TensorData::new(d_vectors, [vectors.len() / width, width]);
        add_outer_product(&mut d_lower, &self.d_pad, &projected[projected.len() - n_inputs..]);
        let mut parameters = vec![
            (model.linear.weight.id.val(), d_linear),
            (model.linear.bias.id.val(), row_sum(&d_projected, n_inputs)),
            (model.lower.weight.id.val(), reordered(&d_lower, [n_pieces, n_hidden], n_inputs)),
            (model.lower.bias.id.val(), pieces_last(&self.d_lower_bias, n_hidden, n_pieces)),
            (model.lower.pad.id.val(), pieces_last(&self.d_pad, n_hidden, n_pieces)),
        ];
        if let Some(upper) = &model.upper {
            parameters.push((upper.weight.id.val(), self.d_upper));
            parameters.push((upper.bias.id.val(), self.d_upper_bias));
        }
        ParserGradients { parameters, d_vectors: Tensor::from_data(d_vectors, &device) }
    }

    /// `[tokens, inputs]`
    fn d_projected(&self, model: &TransitionModel, n_inputs: usize) -> Vec<f32> {
        let weights = model.lower.feature_weights();
        let back = |rows: &[f32], weight: &[f32]| {
            PackedMatrix::from_rows(weight, n_inputs).product(Rows::ByRow(rows))
        };
        let mut d_projected = back(&self.d_next, &weights[0]);
        for (open, weight) in self.d_open.iter().zip(&weights[1..]) {
            for (&token, row) in open.tokens.iter().zip(back(&open.rows, weight).chunks_exact(n_inputs)) {
                let sums = &mut d_projected[token as usize * n_inputs..][..n_inputs];
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
        d_projected
    }

    /// `[features, pieces, hidden, inputs]`
    fn d_lower(&self, projected: &[f32], n_inputs: usize) -> Vec<f32> {
        let product = |tokens: &[f32], rows: &[f32]| {
            PackedMatrix::from_rows(tokens, n_inputs).product(Rows::ByInput(rows))
        };
        let mut d_lower = product(projected, &self.d_next);
        for open in &self.d_open {
            let vector = |&token: &u32| &projected[token as usize * n_inputs..][..n_inputs];
            let shown: Vec<f32> = open.tokens.iter().flat_map(vector).copied().collect();
            if shown.is_empty() {
                d_lower.resize(d_lower.len() + self.d_lower_bias.len() * n_inputs, 0.0);
            } else {
                d_lower.extend(product(&shown, &open.rows));
            }
        }
        d_lower
    }
}

/// Rows of a length, with two axes exchanged: `[.., a, b, width]` -> `[.., b, a, width]`.
fn reordered(numbers: &[f32], [a, b]: [usize; 2], width: usize) -> Vec<f32> {
    let mut reordered = Vec::with_capacity(numbers.len());
    for matrix in numbers.chunks_exact(a * b * width) {
        for second in 0..b {
            for first in 0..a {
                reordered.extend_from_slice(&matrix[(first * b + second) * width..][..width]);
            }
        }
    }
    reordered
}

/// The sum of all rows of a length.
fn row_sum(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sum = vec![0.0; width];
    for row in rows.chunks_exact(width) {
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sum
}
