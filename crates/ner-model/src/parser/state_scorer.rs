use std::cell::RefCell;
use std::sync::Arc;

use ner_layers::{Rows, add_vector_times_matrix, largest_sums};

use super::token_rows::TokenRows;
use crate::StateLayers;

/// Scores the actions of states of some documents. What a token adds to a state's vector is worked out once for each place:
/// for all tokens as the next one of a state, which each will be, and for those of an open entity when a state first shows
/// them.
#[derive(Debug)]
pub struct StateScorer {
    /// The layers above the token vectors.
    pub layers: Arc<StateLayers>,
    /// Number of actions.
    pub n_actions: usize,
    /// Token vectors, `[tokens, width]`
    pub(crate) vectors: Vec<f32>,
    /// The same as the state layer takes them, `[tokens, inputs]`
    pub(crate) projected: Vec<f32>,
    /// What each token adds as the next one, the first feature: `[tokens, pieces, hidden]`
    next: Vec<f32>,
    /// What tokens of open entities add, for each of the other features.
    open: RefCell<Vec<TokenRows>>,
    /// Actions that the layers know nothing of: none of them scores higher than any other.
    unseen: Vec<usize>,
}

impl StateScorer {
    /// Takes the layers above the token vectors `[tokens, width]`, and these.
    pub(crate) fn new(layers: Arc<StateLayers>, vectors: Vec<f32>) -> StateScorer {
        let projected = layers.projected(&vectors);
        let next = layers.next.product(Rows::ByRow(&projected));
        let no_rows = || TokenRows::new(projected.len() / layers.n_inputs, layers.n_hidden * layers.n_pieces);
        let open = (1..layers.n_features).map(|_| no_rows()).collect();
        StateScorer {
            n_actions: layers.upper.as_ref().map_or(layers.n_hidden, |upper| upper.bias.len()),
            open: RefCell::new(open),
            vectors,
            projected,
            next,
            layers,
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
        self.layers.upper.is_some()
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
        self.fill_open(ids);
        let open = self.open.borrow();
        let shares = ids.iter().enumerate().map(|(feature, &id)| self.share(&open, feature, id));
        largest_sums(shares.chain([&*self.layers.bias]), sums, hidden, largest);
        if rectify && self.layers.n_pieces == 1 {
            for (value, place) in hidden.iter_mut().zip(largest).filter(|(value, _)| **value <= 0.0) {
                (*value, *place) = (0.0, RECTIFIED);
            }
        }
    }

    /// Works out what the tokens of an open entity add, as far as no state has shown them before.
    fn fill_open(&self, ids: &[i32]) {
        let mut open = self.open.borrow_mut();
        for ((&id, rows), weight) in ids[1..].iter().zip(&mut *open).zip(&self.layers.open) {
            if let Ok(token) = usize::try_from(id) {
                let vector = &self.projected[token * self.layers.n_inputs..][..self.layers.n_inputs];
                rows.row(token, |row| add_vector_times_matrix(row, vector, weight));
            }
        }
    }

    /// What a token adds as a feature, `[pieces, hidden]`.
    #[inline(always)]
    fn share<'a>(&'a self, open: &'a [TokenRows], feature: usize, id: i32) -> &'a [f32] {
        let row = self.layers.bias.len();
        match (usize::try_from(id), feature) {
            (Ok(token), 0) => &self.next[token * row..][..row],
            (Ok(token), _) => open[feature - 1].get(token),
            (Err(_), _) => &self.layers.pad[feature * row..][..row],
        }
    }

    /// The scores of all actions for a state's vector.
    pub fn scores(&self, hidden: &[f32], scores: &mut [f32]) {
        let n_known = self.layers.upper.as_ref().map_or(hidden.len(), |upper| upper.bias.len());
        let known = &mut scores[..n_known];
        match &self.layers.upper {
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
        let Some(upper) = &self.layers.upper else {
            d_hidden.copy_from_slice(gradient);
            return;
        };
        d_hidden.fill(0.0);
        add_vector_times_matrix(d_hidden, gradient, &upper.by_action);
    }
}

/// Stands for a piece that was below zero and gets no gradient.
pub(crate) const RECTIFIED: u8 = u8::MAX;
