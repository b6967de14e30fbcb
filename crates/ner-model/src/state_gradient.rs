use burn::tensor::{Tensor, TensorData};
use ner_layers::{add_outer_product, to_vec};

use crate::state_scorer::RECTIFIED;
use crate::{StateScorer, TransitionModel};

/// The gradients of the state layers and of the tokens, summed over visited states.
#[derive(Debug)]
pub struct StateGradient {
    /// `[tokens, features, hidden, pieces]`
    d_shares: Vec<f32>,
    /// `[features, hidden, pieces]`
    d_pad: Vec<f32>,
    /// `[hidden, pieces]`
    d_lower_bias: Vec<f32>,
    /// `[actions, hidden]`
    d_upper: Vec<f32>,
    d_upper_bias: Vec<f32>,
    d_hidden: Vec<f32>,
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
        self.add_to_pieces(scorer, &state);
    }

    fn add_to_pieces(&mut self, scorer: &StateScorer, state: &VisitedState<'_>) {
        let row = scorer.n_hidden * scorer.n_pieces;
        let pieces = || {
            let places = state.largest.iter().enumerate().zip(&self.d_hidden);
            places.filter(|((_, piece), _)| **piece != RECTIFIED).map(|((hidden, &piece), &gradient)| {
                (hidden * scorer.n_pieces + usize::from(piece), gradient)
            })
        };
        for (feature, &id) in state.ids.iter().enumerate() {
            let sums = match usize::try_from(id) {
                Ok(token) => &mut self.d_shares[(token * scorer.n_features + feature) * row..][..row],
                Err(_) => &mut self.d_pad[feature * row..][..row],
            };
            pieces().for_each(|(place, gradient)| sums[place] += gradient);
        }
        pieces().for_each(|(place, gradient)| self.d_lower_bias[place] += gradient);
    }

    /// The gradients of the state layers and of the projected tokens that the scorer was made of.
    ///
    /// spaCy: an absent token multiplies its gradient into the weights with the last token of the batch
    /// (parser_model.pyx and _precomputable_affine.py: index -1).
    pub fn finish(self, model: &TransitionModel, projected: Tensor<2>) -> ParserGradients {
        let [n_tokens, n_inputs] = projected.dims();
        let weight = model.lower.flat_weight().without_autodiff();
        let device = weight.device();
        let n_columns = self.d_pad.len();
        let d_shares = Tensor::<2>::from_data(TensorData::new(self.d_shares, [n_tokens, n_columns]), &device);
        let d_tokens = d_shares.clone().matmul(weight);
        let last = projected.clone().slice([n_tokens - 1..n_tokens, 0..n_inputs]);
        let d_pad = Tensor::<2>::from_data(TensorData::new(self.d_pad.clone(), [n_columns, 1]), &device);
        let d_weight = d_shares.transpose().matmul(projected) + d_pad.matmul(last);
        let mut parameters = vec![
            (model.lower.weight.id.val(), to_vec(d_weight)),
            (model.lower.bias.id.val(), self.d_lower_bias),
            (model.lower.pad.id.val(), self.d_pad),
        ];
        if let Some(upper) = &model.upper {
            parameters.push((upper.weight.id.val(), self.d_upper));
            parameters.push((upper.bias.id.val(), self.d_upper_bias));
        }
        ParserGradients { parameters, d_tokens }
    }
}
