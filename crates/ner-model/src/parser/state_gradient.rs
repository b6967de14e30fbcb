use burn::tensor::{Tensor, TensorData};
use ner_layers::{PackedMatrix, PrecomputableAffine, Rows, add_outer_product, to_vec};
use pulp::Arch;

use super::parser_weights::ParserWeights;
use super::state_layers::pieces_last;
use super::token_rows::TokenRows;
use crate::{StateScorer, TransitionModel};

/// The gradients of the state layers and of the tokens, summed over visited states.
///
/// A state adds to the sums of what it showed, on plain slices. The matrix products that follow from them wait for
/// [`StateGradient::finish`], where there is one for all states.
#[derive(Debug)]
pub struct StateGradient {
    /// Of the share of each token as the next one: `[tokens, pieces, hidden]`
    d_next: Vec<f32>,
    /// Of the shares of tokens of open entities, for each of the other features.
    d_open: Vec<TokenRows>,
    /// `[features, pieces, hidden]`
    d_pad: Vec<f32>,
    /// Of what earlier actions add, `[actions, pieces, hidden]`; empty if the parser does not look back.
    d_earlier: Vec<f32>,
    /// `[pieces, hidden]`
    d_lower_bias: Vec<f32>,
    /// `[actions, hidden]`
    d_upper: Vec<f32>,
    /// `[actions]`
    d_upper_bias: Vec<f32>,
    /// Of one state's vector, `[hidden]`: scratch memory.
    d_hidden: Vec<f32>,
    /// Of one state's pieces, `[pieces, hidden]`: scratch memory.
    d_pieces: Vec<f32>,
}

/// One visited state: the tokens that it showed, its vector, and the gradient of its scores.
#[derive(Copy, Clone, Debug)]
pub struct VisitedState<'a> {
    /// Token ids, -1 for none: `[features]`, and the number of the earlier action if the parser looks back.
    pub ids: &'a [i32],
    /// The state's vector, after dropout: `[hidden]`
    pub hidden: &'a [f32],
    /// The index of the largest piece at each place of the state's vector: `[hidden]`
    pub largest: &'a [u8],
    /// The dropout mask, `[hidden]`; empty without dropout.
    pub mask: &'a [f32],
    /// Gradient of the scores: `[actions]`
    pub d_scores: &'a [f32],
}

/// Gradients of the layers above the token vectors, and of the token vectors.
pub struct ParserGradients {
    /// One entry a parameter, by its id.
    pub parameters: Vec<(u64, Vec<f32>)>,
    /// The gradient of the token vectors, from which the layers below continue: `[tokens, width]`
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
            d_earlier: vec![0.0; scorer.layers.earlier.len()],
            d_lower_bias: vec![0.0; row],
            d_upper: vec![0.0; n_upper * scorer.layers.n_hidden],
            d_upper_bias: vec![0.0; n_upper],
            d_hidden: vec![0.0; scorer.layers.n_hidden],
            d_pieces: vec![0.0; row],
        }
    }

    /// Adds the contribution of one visited state.
    pub fn add(&mut self, scorer: &StateScorer, state: VisitedState<'_>) {
        if scorer.has_upper() {
            // The vector after dropout: that is what the layer was given.
            add_outer_product(&mut self.d_upper, state.d_scores, state.hidden);
            self.d_upper_bias.iter_mut().zip(state.d_scores).for_each(|(sum, value)| *sum += value);
        }
        scorer.backward(state.d_scores, &mut self.d_hidden);
        self.d_hidden.iter_mut().zip(state.mask).for_each(|(value, mask)| *value *= mask);
        // Compiled for the machine's widest registers, which a plain function of a library is not.
        Arch::new().dispatch(
            #[inline(always)]
            || self.add_to_pieces(scorer, &state),
        );
    }

    #[inline(always)]
    fn add_to_pieces(&mut self, scorer: &StateScorer, state: &VisitedState<'_>) {
        // Only the largest piece of a place has a gradient. The rectified index is that of no piece: there, none has.
        for (piece, d_piece) in (0..).zip(self.d_pieces.chunks_exact_mut(scorer.layers.n_hidden)) {
            for ((place, &largest), &gradient) in d_piece.iter_mut().zip(state.largest).zip(&self.d_hidden) {
                *place = if largest == piece { gradient } else { 0.0 };
            }
        }
        let row = self.d_pieces.len();
        let add =
            |sums: &mut [f32]| sums.iter_mut().zip(&self.d_pieces).for_each(|(sum, value)| *sum += value);
        let (ids, earlier) = state.ids.split_at(scorer.layers.n_features);
        for (feature, &id) in ids.iter().enumerate() {
            add(match (usize::try_from(id), feature) {
                (Ok(token), 0) => &mut self.d_next[token * row..][..row],
                (Ok(token), _) => self.d_open[feature - 1].row(token, |_| ()),
                (Err(_), _) => &mut self.d_pad[feature * row..][..row],
            });
        }
        if let Some(&action) = earlier.first()
            && scorer.layers.of_earlier(action).is_some()
        {
            add(&mut self.d_earlier[action as usize * row..][..row]);
        }
        add(&mut self.d_lower_bias);
    }

    /// The gradients of the layers and of the token vectors that the scorer was made of.
    ///
    /// spaCy: an absent token multiplies its gradient into the weights with the last token of the batch
    /// (parser_model.pyx and _precomputable_affine.py: index -1).
    pub fn finish(self, model: &TransitionModel, scorer: &StateScorer) -> ParserGradients {
        let ParserWeights { linear, lower, upper, earlier } = &model.weights;
        let [_, n_hidden, n_pieces, n_inputs] = lower.weight.dims();
        let weight = linear.weight.val().without_autodiff();
        let ([_, width], device) = (weight.dims(), weight.device());
        let StateScorer { projected, vectors, .. } = scorer;
        // The two products of a pair do not need each other, and are too small to keep two threads busy one by one.
        let (d_projected, mut d_lower) =
            rayon::join(|| self.d_projected(lower, n_inputs), || self.d_lower(projected, n_inputs));
        let (d_vectors, d_linear) = rayon::join(
            || PackedMatrix::from_rows(&to_vec(weight), width).product(Rows::ByRow(&d_projected)),
            || PackedMatrix::from_rows(vectors, width).product(Rows::ByInput(&d_projected)),
        );
        let d_vectors = TensorData::new(d_vectors, [vectors.len() / width, width]);
        // Gradients of pads lie as the rows of `d_lower` do, so one product serves all features.
        add_outer_product(&mut d_lower, &self.d_pad, &projected[projected.len() - n_inputs..]);
        // Here pieces come before outputs; parameters, like Thinc's file, have outputs first.
        let mut parameters = vec![
            (linear.weight.id.val(), d_linear),
            (linear.bias.id.val(), row_sum(&d_projected, n_inputs)),
            (lower.weight.id.val(), reordered(&d_lower, [n_pieces, n_hidden], n_inputs)),
            (lower.bias.id.val(), pieces_last(&self.d_lower_bias, n_hidden, n_pieces)),
            (lower.pad.id.val(), pieces_last(&self.d_pad, n_hidden, n_pieces)),
        ];
        if let Some(upper) = upper {
            parameters.push((upper.weight.id.val(), self.d_upper));
            parameters.push((upper.bias.id.val(), self.d_upper_bias));
        }
        if let Some(earlier) = earlier {
            parameters.push((earlier.id.val(), pieces_last(&self.d_earlier, n_hidden, n_pieces)));
        }
        ParserGradients { parameters, d_vectors: Tensor::from_data(d_vectors, &device) }
    }

    /// The gradient of the tokens as the state layer takes them, `[tokens, inputs]`.
    fn d_projected(&self, lower: &PrecomputableAffine, n_inputs: usize) -> Vec<f32> {
        let weights = lower.feature_weights();
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

    /// The gradient of the state layer's weights, `[features, pieces, hidden, inputs]`.
    fn d_lower(&self, projected: &[f32], n_inputs: usize) -> Vec<f32> {
        let product = |tokens: &[f32], rows: &[f32]| {
            PackedMatrix::from_rows(tokens, n_inputs).product(Rows::ByInput(rows))
        };
        let mut d_lower = product(projected, &self.d_next);
        for open in &self.d_open {
            let vector = |&token: &u32| &projected[token as usize * n_inputs..][..n_inputs];
            let shown: Vec<f32> = open.tokens.iter().flat_map(vector).copied().collect();
            // A product needs a row: the weights of a feature that no state showed have a gradient of zeros.
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

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use ner_cpython::NumpyRandom;
    use ner_layers::Init;

    use super::*;
    use crate::TokenInput;
    use crate::listeners::tok2vec_listener::Tok2VecListener;
    use crate::parser::parser_weights::ParserSizes;

    const STEP: f32 = 1e-3;
    const WIDTH: usize = 5;
    const TOKENS: usize = 4;
    const ACTIONS: usize = 3;
    /// States in which no token is absent.
    const FULL: [[i32; 3]; 3] = [[2, 0, 1], [3, 0, 2], [1, 0, 0]];
    /// States in which some are.
    const WITH_ABSENT: [[i32; 3]; 3] = [[0, -1, -1], [1, 0, 0], [-1, 1, 3]];
    /// States that show an earlier action, none, and one that was never learned.
    const LOOKING_BACK: [[i32; 4]; 3] = [[2, 0, 1, 2], [3, 0, 2, -1], [1, 0, 0, ACTIONS as i32]];

    /// A small model, and states that it scores.
    struct Case {
        model: TransitionModel,
        vectors: Vec<f32>,
        states: Vec<Vec<i32>>,
        /// Dropout of the states' vectors; empty: none.
        mask: Vec<f32>,
        /// The gradient of the scores of each state.
        d_scores: Vec<f32>,
    }

    fn normal(length: usize, random: &mut NumpyRandom) -> Vec<f32> {
        let mut numbers = vec![0.0; length];
        random.fill_normal(0.0, 1.0, &mut numbers);
        numbers
    }

    impl Case {
        fn new<const N_IDS: usize>(n_pieces: usize, use_upper: bool, states: [[i32; N_IDS]; 3]) -> Case {
            let random = &mut NumpyRandom::new(7);
            let sizes = ParserSizes {
                width: WIDTH,
                n_features: 3,
                n_hidden: 4,
                n_pieces,
                n_actions: ACTIONS,
                use_upper,
                looks_back: N_IDS == 4,
            };
            let weights = ParserWeights::init(sizes, &mut Init::zeros(&Device::flex()));
            let mut model =
                TransitionModel::new(TokenInput::Listener(Box::new(Tok2VecListener { width: 1 })), weights);
            for parameter in model.parameters_mut() {
                parameter.change(&mut |weights| random.fill_normal(0.0, 1.0, weights));
            }
            let mask = if use_upper { vec![2.0, 0.0, 2.0, 2.0] } else { Vec::new() };
            let vectors = normal(TOKENS * WIDTH, random);
            let d_scores = normal(states.len() * ACTIONS, random);
            Case { model, vectors, states: states.map(Vec::from).into(), mask, d_scores }
        }

        /// Passes each state's vector, largest pieces and gradient of scores to `visit`.
        fn explore(&self, scorer: &StateScorer, mut visit: impl FnMut(VisitedState<'_>)) {
            let (mut hidden, mut largest) =
                (vec![0.0; scorer.layers.n_hidden], vec![0; scorer.layers.n_hidden]);
            for (ids, d_scores) in self.states.iter().zip(self.d_scores.chunks(ACTIONS)) {
                scorer.hidden(ids, true, &mut Vec::new(), &mut hidden, &mut largest);
                hidden.iter_mut().zip(&self.mask).for_each(|(value, mask)| *value *= mask);
                visit(VisitedState { ids, hidden: &hidden, largest: &largest, mask: &self.mask, d_scores });
            }
        }

        /// The sum of all scores times their gradients.
        fn objective(&self) -> f64 {
            let scorer = self.model.scorer(self.vectors.clone());
            let (mut sum, mut scores) = (0.0, [0.0; ACTIONS]);
            self.explore(&scorer, |state| {
                scorer.scores(state.hidden, &mut scores);
                sum += scores
                    .iter()
                    .zip(state.d_scores)
                    .map(|(a, b)| f64::from(*a) * f64::from(*b))
                    .sum::<f64>();
            });
            sum
        }

        fn gradients(&self) -> ParserGradients {
            let scorer = self.model.scorer(self.vectors.clone());
            let mut gradient = StateGradient::new(&scorer, TOKENS);
            self.explore(&scorer, |state| gradient.add(&scorer, state));
            gradient.finish(&self.model, &scorer)
        }

        /// The slope of the objective along each weight of a parameter.
        fn slopes(&mut self, parameter: usize) -> Vec<f32> {
            let n_weights = self.model.parameters_mut()[parameter].shape().iter().product();
            let mut at = |place: usize, step: f32| {
                self.model.parameters_mut()[parameter].change(&mut |weights| weights[place] += step);
                let objective = self.objective();
                self.model.parameters_mut()[parameter].change(&mut |weights| weights[place] -= step);
                objective
            };
            let slope = |place| ((at(place, STEP) - at(place, -STEP)) / f64::from(2.0 * STEP)) as f32;
            (0..n_weights).map(slope).collect()
        }

        fn vector_slopes(&mut self) -> Vec<f32> {
            let mut at = |place: usize, step: f32| {
                self.vectors[place] += step;
                let objective = self.objective();
                self.vectors[place] -= step;
                objective
            };
            let slope = |place| ((at(place, STEP) - at(place, -STEP)) / f64::from(2.0 * STEP)) as f32;
            (0..TOKENS * WIDTH).map(slope).collect()
        }
    }

    #[track_caller]
    fn check_close(what: &str, found: &[f32], expected: &[f32]) {
        let largest = expected.iter().fold(1.0, |largest: f32, value| largest.max(value.abs()));
        assert_eq!(found.len(), expected.len(), "length of {what}");
        for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
            let is_close = (found - expected).abs() <= 5e-3 * largest;
            assert!(is_close, "{what} at {place}: found {found}, expected {expected}");
        }
    }

    #[track_caller]
    fn check<const N_IDS: usize>(n_pieces: usize, use_upper: bool, states: [[i32; N_IDS]; 3]) {
        let mut case = Case::new(n_pieces, use_upper, states);
        let gradients = case.gradients();
        for index in 0..case.model.parameters_mut().len() {
            let id = case.model.parameters_mut()[index].id();
            let (_, gradient) = gradients.parameters.iter().find(|(found, _)| *found == id).unwrap();
            check_close(&format!("parameter {index}"), gradient, &case.slopes(index));
        }
        check_close("vectors", &to_vec(gradients.d_vectors), &case.vector_slopes());
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        check(2, true, FULL);
        check(3, false, FULL);
        check(2, true, LOOKING_BACK);
    }

    #[test]
    fn a_rectified_piece_has_no_gradient() {
        check(1, true, FULL);
        check(1, false, FULL);
    }

    #[test]
    fn the_weights_learn_from_an_absent_token_as_if_it_were_the_last_one() {
        const LOWER: usize = 2;
        const PAD: usize = 4;
        let mut case = Case::new(2, true, WITH_ABSENT);
        let gradients = case.gradients();
        let gradient = |index: usize| gradients.parameters[index].1.clone();
        let d_pad = gradient(PAD);
        check_close("pad", &d_pad, &case.slopes(PAD));
        assert!(d_pad.iter().any(|value| *value != 0.0), "the pad is seen");
        let scorer = case.model.scorer(case.vectors.clone());
        let last = scorer.projected.chunks(4).next_back().unwrap();
        let wrong = d_pad.iter().flat_map(|value| last.iter().map(move |input| value * input));
        let expected: Vec<f32> =
            case.slopes(LOWER).iter().zip(wrong).map(|(slope, wrong)| slope + wrong).collect();
        check_close("weights of the state layer", &gradient(LOWER), &expected);
        check_close("vectors", &to_vec(gradients.d_vectors.clone()), &case.vector_slopes());
    }
}
