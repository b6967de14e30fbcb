use std::cell::RefCell;
use std::sync::Arc;

use ner_doc::Doc;
use ner_layers::{Rows, add_vector_times_matrix, largest_sums};

use super::earlier_tokens::EarlierTokens;
use super::token_rows::TokenRows;
use crate::StateLayers;

/// The index of the largest piece where it was rectified: equal to that of no piece, so that none gets a gradient.
const RECTIFIED: u8 = u8::MAX;

/// Scores the actions of states of some documents.
///
/// The state layer is affine in the vectors of the tokens that a state shows, so the share of each token in each place is
/// computed once: of every token as the next one, which each will be, in one matrix product; as a token of an open entity
/// when a state first shows it there. In ordinary text few tokens are, and a third of the products remains.
#[derive(Debug)]
pub struct StateScorer {
    /// The layers above the token vectors.
    pub layers: Arc<StateLayers>,
    /// Number of actions.
    pub n_actions: usize,
    /// Token vectors, `[tokens, width]`
    pub(super) vectors: Vec<f32>,
    /// The same as the state layer takes them, `[tokens, inputs]`
    pub(super) projected: Vec<f32>,
    /// The share of each token as the next one, the first feature: `[tokens, pieces, hidden]`
    next: Vec<f32>,
    /// The shares of tokens of open entities, for each of the other features. In a cell, since scoring a state fills it; a
    /// scorer is made for one batch, which one thread explores.
    open: RefCell<Vec<TokenRows>>,
    /// Actions that the layers have not learned.
    unseen: Vec<usize>,
    /// Where each token's word stood before, if the layers ask for it.
    earlier: EarlierTokens,
}

impl StateScorer {
    /// Takes the layers above the token vectors `[tokens, width]`, and these.
    pub(super) fn new(layers: Arc<StateLayers>, vectors: Vec<f32>) -> StateScorer {
        let projected = layers.projected(&vectors);
        StateScorer { vectors, ..StateScorer::of_projected(layers, projected) }
    }

    /// The same from [`projected_tokens`](StateScorer::projected_tokens), which is all that scoring reads. There is no
    /// gradient of such a scorer.
    pub(super) fn of_projected(layers: Arc<StateLayers>, projected: Vec<f32>) -> StateScorer {
        let next = layers.next.product(Rows::ByRow(&projected));
        let no_rows = || TokenRows::new(projected.len() / layers.n_inputs, layers.n_hidden * layers.n_pieces);
        let open = (1..layers.n_features).map(|_| no_rows()).collect();
        StateScorer {
            n_actions: layers.upper.as_ref().map_or(layers.n_hidden, |upper| upper.bias.len()),
            open: RefCell::new(open),
            vectors: Vec::new(),
            projected,
            next,
            layers,
            unseen: Vec::new(),
            earlier: EarlierTokens::default(),
        }
    }

    /// The same scorer for layers that may look back in the documents that the tokens are of.
    pub fn looking_back(self, docs: &[&Doc]) -> StateScorer {
        if !self.layers.looks_back() {
            return self;
        }
        StateScorer { earlier: EarlierTokens::new(docs), ..self }
    }

    /// The row of the token of the same word before a token with a row, in its document; `None` if there is none, or if the
    /// layers do not look back.
    pub fn earlier_token(&self, row: usize) -> Option<usize> {
        self.earlier.before(row)
    }

    /// The same scorer for `n_actions`, of which the layers have not learned the `unseen`: these never score higher than any
    /// other.
    pub fn with_unseen(self, n_actions: usize, unseen: Vec<usize>) -> StateScorer {
        StateScorer { n_actions, unseen, ..self }
    }

    /// The same scorer with layers of other biases. What it has computed of tokens stays, since biases come after that.
    pub fn with_layers(self, layers: Arc<StateLayers>) -> StateScorer {
        StateScorer { layers, ..self }
    }

    /// The token vectors as the state layer takes them, `[tokens, hidden_width]`
    pub fn projected_tokens(&self) -> &[f32] {
        &self.projected
    }

    /// Whether there is an upper layer, and with it dropout on the state's vector in training.
    pub fn has_upper(&self) -> bool {
        self.layers.upper.is_some()
    }

    /// Writes the vector of the state that shows `ids` (-1: no token, or no earlier action) into `hidden`, and the index of the piece that was the
    /// largest at each place into `largest`. `sums` is scratch memory, `[pieces, hidden]`.
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
        // The bias comes last, as in spaCy (parser_model.pyx): another order of the sum rounds differently.
        let (ids, earlier) = ids.split_at(self.layers.n_features);
        let shares = ids.iter().enumerate().map(|(feature, &id)| self.share(&open, feature, id));
        let shares = shares.chain(earlier.iter().filter_map(|&action| self.layers.of_earlier(action)));
        largest_sums(shares.chain([&*self.layers.bias]), sums, hidden, largest);
        if rectify && self.layers.n_pieces == 1 {
            for (value, place) in hidden.iter_mut().zip(largest).filter(|(value, _)| **value <= 0.0) {
                (*value, *place) = (0.0, RECTIFIED);
            }
        }
    }

    /// Computes the shares of tokens of an open entity that no state has shown before.
    fn fill_open(&self, ids: &[i32]) {
        let mut open = self.open.borrow_mut();
        // The first feature has the shares of all tokens already.
        for ((&id, rows), weight) in ids[1..].iter().zip(&mut *open).zip(&self.layers.open) {
            if let Ok(token) = usize::try_from(id) {
                let vector = &self.projected[token * self.layers.n_inputs..][..self.layers.n_inputs];
                rows.row(token, |row| add_vector_times_matrix(row, vector, weight));
            }
        }
    }

    /// The share of a token as a feature, or of its absence: `[pieces, hidden]`.
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
        // spaCy: takes the lowest score of all states of a batch (parser_model.pyx). In greedy search that of
        // the state alone gives the same action: new ones are numbered last, and the first of equals wins.
        if !self.unseen.is_empty() {
            let lowest = known.iter().copied().fold(f32::INFINITY, f32::min);
            self.unseen.iter().for_each(|&action| scores[action] = lowest);
        }
    }

    /// The gradient of the state's vector from that of its scores: `[actions]` -> `[hidden]`.
    pub(super) fn backward(&self, gradient: &[f32], d_hidden: &mut [f32]) {
        let Some(upper) = &self.layers.upper else {
            d_hidden.copy_from_slice(gradient);
            return;
        };
        d_hidden.fill(0.0);
        add_vector_times_matrix(d_hidden, gradient, &upper.by_action);
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use ner_cpython::NumpyRandom;
    use ner_layers::Init;

    use crate::listeners::tok2vec_listener::Tok2VecListener;
    use crate::parser::parser_weights::{ParserSizes, ParserWeights};
    use crate::{StateScorer, TokenInput, TransitionModel};

    const WIDTH: usize = 3;
    const HIDDEN: usize = 2;
    const PIECES: usize = 2;
    const ACTIONS: usize = 3;

    /// A model in which every weight is 1 but for the biases of the state layer, which are 0 for each first piece and 1 for
    /// each second, and for the pads, which are 10.
    fn model() -> TransitionModel {
        let mut model = model_with(true);
        for parameter in model.parameters_mut() {
            parameter.change(&mut |weights| weights.fill(1.0));
        }
        let mut parameters = model.parameters_mut();
        parameters[3].change(&mut |bias| bias.copy_from_slice(&[0.0, 1.0, 0.0, 1.0]));
        parameters[4].change(&mut |pad| pad.fill(10.0));
        model
    }

    /// A model with its first weights.
    fn model_with(use_upper: bool) -> TransitionModel {
        let sizes = ParserSizes {
            width: WIDTH,
            n_features: 3,
            n_hidden: HIDDEN,
            n_pieces: PIECES,
            n_actions: ACTIONS,
            use_upper,
            looks_back: false,
        };
        let weights =
            ParserWeights::init(sizes, &mut Init::random(&mut NumpyRandom::new(0), &Device::flex()));
        TransitionModel::new(TokenInput::Listener(Box::new(Tok2VecListener { width: 1 })), weights)
    }

    /// The state's vector, its largest pieces and its scores.
    fn scored(model: &TransitionModel, vectors: Vec<f32>, ids: [i32; 3]) -> (Vec<f32>, Vec<u8>, Vec<f32>) {
        let scorer = model.scorer(vectors);
        let (mut hidden, mut largest) = (vec![0.0; HIDDEN], vec![0; HIDDEN]);
        let mut scores = vec![0.0; ACTIONS];
        scorer.hidden(&ids, true, &mut Vec::new(), &mut hidden, &mut largest);
        scorer.scores(&hidden, &mut scores);
        (hidden, largest, scores)
    }

    #[test]
    fn tokens_and_pads_add_up_and_the_largest_piece_wins() {
        // A token of ones is projected to [4, 4], of which each piece makes 8.
        let vectors = vec![1.0; 2 * WIDTH];
        let (hidden, largest, scores) = scored(&model(), vectors, [0, 1, -1]);
        assert_eq!(hidden, [8.0 + 8.0 + 10.0 + 1.0; HIDDEN]);
        assert_eq!(largest, [1; HIDDEN]);
        assert_eq!(scores, [27.0 + 27.0 + 1.0; ACTIONS]);
    }

    #[test]
    fn unseen_actions_score_as_low_as_the_lowest_other() {
        let mut model = model();
        model.parameters_mut()[6].change(&mut |bias| bias.copy_from_slice(&[0.0, -1.0, 5.0]));
        let scorer = model.scorer(vec![0.0; WIDTH]).with_unseen(5, vec![2, 3, 4]);
        let mut scores = vec![0.0; 5];
        scorer.scores(&[0.0; HIDDEN], &mut scores);
        assert_eq!(scores, [0.0, -1.0, -1.0, -1.0, -1.0]);
    }

    #[test]
    fn a_number_is_added_to_a_score_as_the_weights_would_have_it() {
        for use_upper in [true, false] {
            let mut model = model_with(use_upper);
            let n_actions = model.n_actions();
            for action in 0..n_actions {
                let scores = |scorer: StateScorer| {
                    let (mut hidden, mut largest) = (vec![0.0; scorer.layers.n_hidden], vec![0; 9]);
                    largest.truncate(hidden.len());
                    scorer.hidden(&[0, 1, -1], false, &mut Vec::new(), &mut hidden, &mut largest);
                    let mut scores = vec![0.0; n_actions];
                    scorer.scores(&hidden, &mut scores);
                    scores
                };
                let vectors: Vec<f32> = (0..2 * WIDTH).map(|index| index as f32 / 7.0).collect();
                let before = scores(model.scorer(vectors.clone()));
                let scorer = model.scorer(vectors.clone());
                let added = scores(scorer.with_layers(model.layers_with([(action, -1.3)])));
                let biases = model.score_biases(action);
                model.set_score_biases(action, &biases.iter().map(|bias| bias - 1.3).collect::<Vec<_>>());
                assert_eq!(added, scores(model.scorer(vectors.clone())), "{use_upper} {action}");
                for (index, (before, after)) in before.iter().zip(&added).enumerate() {
                    let expected = if index == action { before - 1.3 } else { *before };
                    assert!((after - expected).abs() < 1e-5, "{use_upper} {action}: {after} {expected}");
                }
                model.set_score_biases(action, &biases);
                assert_eq!(before, scores(model.scorer(vectors)), "{use_upper} {action}");
            }
        }
    }

    #[test]
    fn new_actions_score_zero_and_the_others_as_before() {
        let mut model = model();
        model.resize(ACTIONS + 2);
        assert_eq!(model.n_actions(), ACTIONS + 2);
        let scorer = model.scorer(vec![0.0; WIDTH]);
        let mut scores = vec![7.0; ACTIONS + 2];
        scorer.scores(&[1.0; HIDDEN], &mut scores);
        assert_eq!(scores, [3.0, 3.0, 3.0, 0.0, 0.0]);
    }
}
