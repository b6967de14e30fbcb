use std::cell::RefCell;

use ner_layers::{PackedMatrix, Rows, add_vector_times_matrix};
use pulp::Arch;

use crate::token_rows::TokenRows;
use crate::{Parameter, TransitionModel};

/// The layers that score a state's actions, on the host. What a token adds to a state's vector is worked out once for each
/// place: for all tokens as the next one of a state, which each will be, and for those of an open entity when a state first
/// shows them.
#[derive(Debug)]
pub struct StateScorer {
    /// Token ids that a state shows.
    pub n_features: usize,
    /// Length of the state's vector.
    pub n_hidden: usize,
    /// Pieces of each of its numbers.
    pub n_pieces: usize,
    /// Number of actions.
    pub n_actions: usize,
    /// Token vectors, `[tokens, width]`
    pub(crate) vectors: Vec<f32>,
    /// The same as the state layer takes them, `[tokens, inputs]`
    pub(crate) projected: Vec<f32>,
    n_inputs: usize,
    /// What each token adds as the next one, the first feature: `[tokens, pieces, hidden]`
    next: Vec<f32>,
    /// What tokens of open entities add, for each of the other features.
    open: RefCell<Vec<TokenRows>>,
    /// The weights of these features, `[inputs, pieces, hidden]`
    open_weights: Vec<Vec<f32>>,
    /// `[features, pieces, hidden]`
    pad: Vec<f32>,
    /// `[pieces, hidden]`
    bias: Vec<f32>,
    upper: Option<Upper>,
    /// Actions that the layers know nothing of: none of them scores higher than any other.
    unseen: Vec<usize>,
}

/// The upper layer, laid out for products with rows.
#[derive(Debug)]
struct Upper {
    /// `[actions, hidden]`
    by_action: Vec<f32>,
    /// `[hidden, actions]`
    by_hidden: Vec<f32>,
    bias: Vec<f32>,
}

impl StateScorer {
    /// Takes the layers above the token vectors `[tokens, width]`, and these.
    pub(crate) fn new(model: &TransitionModel, vectors: Vec<f32>) -> StateScorer {
        let TransitionModel { linear, lower, upper, .. } = model;
        let projected = linear.forward(&vectors);
        let [n_features, n_hidden, n_pieces, n_inputs] = lower.weight.dims();
        let weights = lower.feature_weights();
        let next = PackedMatrix::from_columns(&weights[0], n_inputs).product(Rows::ByRow(&projected));
        let open_weights = weights[1..].iter().map(|weight| transposed(weight, n_inputs)).collect();
        let no_rows = || TokenRows::new(projected.len() / n_inputs, n_hidden * n_pieces);
        let upper = upper.as_ref().map(|upper| {
            let by_action = upper.weight.array().into_parts().1;
            let by_hidden = transposed(&by_action, n_hidden);
            Upper { by_action, by_hidden, bias: upper.bias.array().into_parts().1 }
        });
        StateScorer {
            n_features,
            n_hidden,
            n_pieces,
            n_actions: upper.as_ref().map_or(n_hidden, |upper| upper.bias.len()),
            open: RefCell::new((1..n_features).map(|_| no_rows()).collect()),
            vectors,
            projected,
            n_inputs,
            next,
            open_weights,
            pad: pieces_first(&lower.pad.array().into_parts().1, n_hidden, n_pieces),
            bias: pieces_first(&lower.bias.array().into_parts().1, n_hidden, n_pieces),
            upper,
            unseen: Vec::new(),
        }
    }

    /// The same scorer for `n_actions`, of which the `unseen` have not been learned: they never score higher than any
    /// other.
    pub fn with_unseen(self, n_actions: usize, unseen: Vec<usize>) -> StateScorer {
        StateScorer { n_actions, unseen, ..self }
    }

    /// The token vectors as the state layer takes them, `[tokens, hidden_width]`
    pub fn projected_tokens(&self) -> &[f32] {
        &self.projected
    }

    /// Whether there is an upper layer, and with it dropout on the state's vector in training.
    pub fn has_upper(&self) -> bool {
        self.upper.is_some()
    }

    /// The vector of the state that shows `ids` (-1: no token), and which piece was the largest in each place.
    /// `sums` `[pieces, hidden]` is room to work in.
    ///
    /// spaCy: a single piece is rectified in training and left alone in greedy prediction (parser_model.pyx).
    pub fn hidden(
        &self,
        ids: &[i32],
        rectify: bool,
        sums: &mut Vec<f32>,
        hidden: &mut [f32],
        largest: &mut [u8],
    ) {
        sums.clear();
        sums.resize(self.n_hidden * self.n_pieces, 0.0);
        self.add_shares(ids, sums);
        Arch::new().dispatch(
            #[inline(always)]
            || largest_pieces(sums, hidden, largest),
        );
        if rectify && self.n_pieces == 1 {
            for (value, place) in hidden.iter_mut().zip(largest).filter(|(value, _)| **value <= 0.0) {
                (*value, *place) = (0.0, RECTIFIED);
            }
        }
    }

    fn add_shares(&self, ids: &[i32], sums: &mut [f32]) {
        let row = sums.len();
        let add = |sums: &mut [f32], share: &[f32]| {
            Arch::new().dispatch(
                #[inline(always)]
                || sums.iter_mut().zip(share).for_each(|(sum, value)| *sum += value),
            );
        };
        let pads = self.pad.chunks_exact(row);
        match usize::try_from(ids[0]) {
            Ok(token) => add(sums, &self.next[token * row..][..row]),
            Err(_) => add(sums, &self.pad[..row]),
        }
        let mut open = self.open.borrow_mut();
        for (((&id, rows), weight), pad) in
            ids[1..].iter().zip(&mut *open).zip(&self.open_weights).zip(pads.skip(1))
        {
            match usize::try_from(id) {
                Ok(token) => {
                    let vector = &self.projected[token * self.n_inputs..][..self.n_inputs];
                    add(sums, rows.row(token, |row| add_vector_times_matrix(row, vector, weight)));
                }
                Err(_) => add(sums, pad),
            }
        }
        add(sums, &self.bias);
    }

    /// The scores of all actions for a state's vector.
    pub fn scores(&self, hidden: &[f32], scores: &mut [f32]) {
        let n_known = self.upper.as_ref().map_or(hidden.len(), |upper| upper.bias.len());
        let known = &mut scores[..n_known];
        match &self.upper {
            None => known.copy_from_slice(hidden),
            Some(upper) => {
                known.copy_from_slice(&upper.bias);
                add_vector_times_matrix(known, hidden, &upper.by_hidden);
            }
        }
        if !self.unseen.is_empty() {
            let lowest = known.iter().copied().fold(f32::INFINITY, f32::min);
            self.unseen.iter().for_each(|&action| scores[action] = lowest);
        }
    }

    /// What `gradient` of the scores is for the state's vector: `[actions]` -> `[hidden]`.
    pub(crate) fn backward(&self, gradient: &[f32], d_hidden: &mut [f32]) {
        let Some(upper) = &self.upper else {
            d_hidden.copy_from_slice(gradient);
            return;
        };
        d_hidden.fill(0.0);
        add_vector_times_matrix(d_hidden, gradient, &upper.by_action);
    }
}

/// Stands for a piece that was below zero and gets no gradient.
pub(crate) const RECTIFIED: u8 = u8::MAX;

/// The largest of the pieces `[pieces, hidden]` of each place; of equals the first.
#[inline(always)]
fn largest_pieces(pieces: &[f32], hidden: &mut [f32], largest: &mut [u8]) {
    let (first, others) = pieces.split_at(hidden.len());
    hidden.copy_from_slice(first);
    largest.fill(0);
    for (piece, values) in (1..).zip(others.chunks_exact(hidden.len())) {
        for ((best, place), &value) in hidden.iter_mut().zip(&mut *largest).zip(values) {
            let is_larger = value > *best;
            *place = if is_larger { piece } else { *place };
            *best = if is_larger { value } else { *best };
        }
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
