use burn::tensor::{Tensor, TensorData};
use ner_layers::{PackedMatrix, Rows, add_outer_product, to_vec};
use pulp::Arch;

use crate::state_scorer::pieces_last;
use crate::{StateScorer, TransitionModel};

/// The gradients of the state layers and of the tokens, summed over visited states.
#[derive(Debug)]
pub struct StateGradient {
    /// `[tokens, features, pieces, hidden]`
    d_shares: Vec<f32>,
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

/// Gradients by parameter id, and the gradient of the projected tokens `[tokens, hidden_width]`.
pub struct ParserGradients {
    /// One entry a parameter of the state layers.
    pub parameters: Vec<(u64, Vec<f32>)>,
    /// What the token layers go on from.
    pub d_tokens: Tensor<2>,
}

impl StateGradient {
    /// No gradient yet, for a batch of `n_tokens`.
    pub fn new(scorer: &StateScorer, n_tokens: usize) -> StateGradient {
        let row = scorer.n_hidden * scorer.n_pieces;
        let n_upper = if scorer.has_upper() { scorer.n_actions } else { 0 };
        StateGradient {
            d_shares: vec![0.0; n_tokens * scorer.n_features * row],
            d_pad: vec![0.0; scorer.n_features * row],
            d_lower_bias: vec![0.0; row],
            d_upper: vec![0.0; n_upper * scorer.n_hidden],
            d_upper_bias: vec![0.0; n_upper],
            d_hidden: vec![0.0; scorer.n_hidden],
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
        for (piece, d_piece) in (0..).zip(self.d_pieces.chunks_exact_mut(scorer.n_hidden)) {
            for ((place, &largest), &gradient) in d_piece.iter_mut().zip(state.largest).zip(&self.d_hidden) {
                *place = if largest == piece { gradient } else { 0.0 };
            }
        }
        let row = self.d_pieces.len();
        let add =
            |sums: &mut [f32]| sums.iter_mut().zip(&self.d_pieces).for_each(|(sum, value)| *sum += value);
        for (feature, &id) in state.ids.iter().enumerate() {
            add(match usize::try_from(id) {
                Ok(token) => &mut self.d_shares[(token * scorer.n_features + feature) * row..][..row],
                Err(_) => &mut self.d_pad[feature * row..][..row],
            });
        }
        add(&mut self.d_lower_bias);
    }

    /// The gradients of the state layers and of the projected tokens `[tokens, hidden_width]` that the scorer was made of.
    ///
    /// spaCy: an absent token multiplies its gradient into the weights with the last token of the batch
    /// (parser_model.pyx and _precomputable_affine.py: index -1).
    pub fn finish(self, model: &TransitionModel, projected: &[f32]) -> ParserGradients {
        let [_, n_hidden, n_pieces, n_inputs] = model.lower.weight.dims();
        let weight = model.lower.weight.val().without_autodiff();
        let device = weight.device();
        // Products add up in the order of the columns.
        let weight = reordered(&to_vec(weight), [n_hidden, n_pieces], n_inputs);
        let (d_tokens, mut d_weight) = rayon::join(
            || PackedMatrix::from_rows(&weight, n_inputs).product(Rows::ByRow(&self.d_shares)),
            || PackedMatrix::from_rows(projected, n_inputs).product(Rows::ByInput(&self.d_shares)),
        );
        let last = &projected[projected.len() - n_inputs..];
        add_outer_product(&mut d_weight, &self.d_pad, last);
        let n_tokens = projected.len() / n_inputs;
        let d_tokens = Tensor::from_data(TensorData::new(d_tokens, [n_tokens, n_inputs]), &device);
        let d_weight = reordered(&d_weight, [n_pieces, n_hidden], n_inputs);
        let d_pad = pieces_last(&self.d_pad, n_hidden, n_pieces);
        let mut parameters = vec![
            (model.lower.weight.id.val(), d_weight),
            (model.lower.bias.id.val(), pieces_last(&self.d_lower_bias, n_hidden, n_pieces)),
            (model.lower.pad.id.val(), d_pad),
        ];
        if let Some(upper) = &model.upper {
            parameters.push((upper.weight.id.val(), self.d_upper));
            parameters.push((upper.bias.id.val(), self.d_upper_bias));
        }
        ParserGradients { parameters, d_tokens }
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
