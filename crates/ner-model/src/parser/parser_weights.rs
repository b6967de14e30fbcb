use std::sync::Arc;

use burn::module::Param;
use burn::tensor::Tensor;
use ner_layers::{Init, Linear, PrecomputableAffine};
use ner_thinc::{Array, Layer};

use crate::{LayerTree, Parameter};

/// The trainable layers above the token vectors.
#[derive(Debug)]
pub(crate) struct ParserWeights {
    /// Token vectors to the input of the state layer, `[hidden, width]`.
    pub(super) linear: Linear,
    /// The state layer, `[features, hidden, pieces, hidden]`; without `upper`, `[features, actions, pieces, hidden]`.
    pub(super) lower: PrecomputableAffine,
    /// The state's vector to scores, `[actions, hidden]`; without it, the state layer gives the scores.
    pub(super) upper: Option<Linear>,
    /// What each action adds to the state layer where the next token's word was last consumed by it,
    /// `[actions, hidden, pieces]`, if the parser looks back.
    pub(super) earlier: Option<Param<Tensor<3>>>,
}

/// The sizes of [`ParserWeights`].
#[derive(Clone, Copy, Debug)]
pub(super) struct ParserSizes {
    /// Length of a token's vector.
    pub(super) width: usize,
    /// Tokens that a state shows.
    pub(super) n_features: usize,
    /// Length of the state's vector.
    pub(super) n_hidden: usize,
    /// Pieces of each number of the state's vector.
    pub(super) n_pieces: usize,
    pub(super) n_actions: usize,
    pub(super) use_upper: bool,
    pub(super) looks_back: bool,
}

impl ParserWeights {
    /// The layers with their first weights.
    pub(super) fn init(sizes: ParserSizes, init: &mut Init<'_>) -> ParserWeights {
        let ParserSizes { width, n_features, n_hidden, n_pieces, n_actions, use_upper, looks_back } = sizes;
        let outputs = if use_upper { n_hidden } else { n_actions };
        let linear = Linear::init(n_hidden, width, init);
        let lower = PrecomputableAffine::init([n_features, outputs, n_pieces, n_hidden], init);
        // spaCy: it starts at zero, so it draws nothing and rates all actions alike (models/parser.py).
        let upper = use_upper.then(|| Linear::zeros(n_actions, n_hidden, init));
        // From zeros, as the scores: an action tells nothing of the word until it is learned what.
        let earlier = looks_back.then(|| init.constant(0.0, [n_actions, outputs, n_pieces]));
        ParserWeights { linear, lower, upper, earlier }
    }

    /// The number of actions that are scored.
    pub(super) fn n_actions(&self) -> usize {
        match &self.upper {
            Some(upper) => upper.weight.dims()[0],
            None => self.lower.weight.dims()[1],
        }
    }

    /// Makes room for more actions: their scores are zero until something is learned. Weights of the others stay.
    pub(super) fn resize(&mut self, n_actions: usize) {
        // spaCy: new rows are zeros and take nothing from the generator, in either layer (models/parser.py).
        match &mut self.upper {
            Some(upper) => *upper = grown_linear(upper, n_actions),
            None => self.lower = grown_lower(&self.lower, n_actions),
        }
        if let Some(earlier) = &mut self.earlier {
            let [_, outputs, pieces] = earlier.dims();
            let mut grown = Init::zeros(&earlier.val().device()).constant(0.0, [n_actions, outputs, pieces]);
            copy_front(&earlier.array(), &mut grown);
            *earlier = grown;
        }
    }

    /// The biases that are added to the score of an action in every state: one, or without `upper` one for each piece, of
    /// which the largest is the score.
    pub(super) fn score_biases(&self, action: usize) -> Vec<f32> {
        let (biases, n_pieces) = self.all_score_biases();
        biases.array().data()[action * n_pieces..][..n_pieces].to_vec()
    }

    /// Replaces the [`score_biases`](ParserWeights::score_biases) of an action.
    pub(super) fn set_score_biases(&mut self, action: usize, biases: &[f32]) {
        let bias: &mut dyn Parameter = match &mut self.upper {
            Some(upper) => &mut upper.bias,
            None => &mut self.lower.bias,
        };
        bias.change(&mut |values| values[action * biases.len()..][..biases.len()].copy_from_slice(biases));
    }

    /// The biases of all actions, and how many each has.
    fn all_score_biases(&self) -> (&dyn Parameter, usize) {
        match &self.upper {
            Some(upper) => (&upper.bias, 1),
            None => (&self.lower.bias, self.lower.weight.dims()[2]),
        }
    }

    /// The weights, layer by layer from the token vectors to the scores.
    pub(super) fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let ParserWeights { linear, lower, upper, earlier } = self;
        let mut parameters: Vec<&mut dyn Parameter> =
            vec![&mut linear.weight, &mut linear.bias, &mut lower.weight, &mut lower.bias, &mut lower.pad];
        if let Some(upper) = upper {
            parameters.extend([&mut upper.weight as &mut dyn Parameter, &mut upper.bias]);
        }
        parameters.extend(earlier.iter_mut().map(|earlier| earlier as &mut dyn Parameter));
        parameters
    }

    /// The three layers as Thinc describes them, in the order of the fields, and that of earlier actions if there is one.
    pub(super) fn layers(&self, tree: &mut LayerTree) -> ([Arc<Layer>; 3], Option<Arc<Layer>>) {
        let linear = linear_layer(&self.linear, tree);
        let lower = lower_layer(&self.lower, tree);
        let upper = match &self.upper {
            Some(upper) => linear_layer(upper, tree),
            // spaCy: the file has a node there even without an upper layer (tb_framework.py).
            None => Layer::new("noop").into(),
        };
        let earlier = self.earlier.as_ref().map(|earlier| {
            let [actions, outputs, pieces] = earlier.dims();
            let layer =
                Layer::new("ner_earlier_actions").dim("nO", outputs).dim("nP", pieces).dim("nI", actions);
            tree.leaf(layer, &[("E", earlier)])
        });
        ([linear, lower, upper], earlier)
    }
}

fn linear_layer(linear: &Linear, tree: &mut LayerTree) -> Arc<Layer> {
    let [outputs, inputs] = linear.weight.dims();
    let layer = Layer::new("linear").dim("nO", outputs).dim("nI", inputs);
    tree.leaf(layer, &[("W", &linear.weight), ("b", &linear.bias)])
}

fn lower_layer(lower: &PrecomputableAffine, tree: &mut LayerTree) -> Arc<Layer> {
    let [features, outputs, pieces, inputs] = lower.weight.dims();
    let layer = Layer::new("precomputable_affine").dim("nO", outputs).dim("nI", inputs);
    // spaCy: the rate is written and never used (_precomputable_affine.py).
    let layer = layer.dim("nF", features).dim("nP", pieces).attr("dropout_rate", tree.dropout_rate());
    tree.leaf(layer, &[("W", &lower.weight), ("b", &lower.bias), ("pad", &lower.pad)])
}

fn grown_linear(old: &Linear, n_outputs: usize) -> Linear {
    let n_inputs = old.weight.dims()[1];
    let mut grown = Linear::zeros(n_outputs, n_inputs, &Init::zeros(&old.weight.val().device()));
    copy_front(&old.weight.array(), &mut grown.weight);
    copy_front(&old.bias.array(), &mut grown.bias);
    grown
}

fn grown_lower(old: &PrecomputableAffine, n_actions: usize) -> PrecomputableAffine {
    let [features, outputs, pieces, inputs] = old.weight.dims();
    let init = Init::zeros(&old.weight.val().device());
    let mut grown = PrecomputableAffine::zeros([features, n_actions, pieces, inputs], &init);
    // Actions are the second axis: each feature has its own block of them, which grows.
    copy_rows(&old.weight.array(), &mut grown.weight, outputs * pieces * inputs, n_actions * pieces * inputs);
    copy_rows(&old.pad.array(), &mut grown.pad, outputs * pieces, n_actions * pieces);
    copy_front(&old.bias.array(), &mut grown.bias);
    grown
}

fn copy_front(old: &Array, new: &mut dyn Parameter) {
    new.change(&mut |weights| weights[..old.data().len()].copy_from_slice(old.data()));
}

/// Copies each row of `old`, `old_row` long, to the front of a row of `new`, `new_row` long.
fn copy_rows(old: &Array, new: &mut dyn Parameter, old_row: usize, new_row: usize) {
    new.change(&mut |weights| {
        for (to, from) in weights.chunks_exact_mut(new_row).zip(old.data().chunks_exact(old_row)) {
            to[..old_row].copy_from_slice(from);
        }
    });
}
