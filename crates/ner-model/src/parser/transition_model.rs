use std::sync::{Arc, OnceLock};

use ner_thinc::{Layer, chain};

use super::parser_weights::ParserWeights;
use crate::{LayerTree, Parameter, StateLayers, StateScorer, TokenInput, TokenVectors};

/// The network of a recogniser: token vectors, and the layers that score a state's actions.
#[derive(Debug)]
pub struct TransitionModel {
    /// Where the vectors of tokens come from.
    pub tokens: TokenInput,
    /// The layers above the token vectors.
    pub(super) weights: ParserWeights,
    /// The same as they are used, until weights may change: a batch in prediction need not lay them out again.
    layers: OnceLock<Arc<StateLayers>>,
}

impl TransitionModel {
    pub(super) fn new(tokens: TokenInput, weights: ParserWeights) -> TransitionModel {
        TransitionModel { tokens, weights, layers: OnceLock::new() }
    }

    /// The model's own token vectors, unless it listens to another component.
    pub fn tok2vec(&self) -> Option<&dyn TokenVectors> {
        match &self.tokens {
            TokenInput::Own(tok2vec) => Some(&**tok2vec),
            TokenInput::Listener(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn tok2vec_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        match &mut self.tokens {
            TokenInput::Own(tok2vec) => Some(&mut **tok2vec),
            TokenInput::Listener(_) => None,
        }
    }

    /// The trainable weights, those of the token vectors first.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.layers.take();
        let mut parameters = match &mut self.tokens {
            TokenInput::Own(tok2vec) => tok2vec.parameters_mut(),
            TokenInput::Listener(listener) => listener.parameters_mut(),
        };
        parameters.extend(self.weights.parameters_mut());
        parameters
    }

    /// The layers on the host, ready to score states of documents whose token vectors `[tokens, width]` are given.
    pub fn scorer(&self, vectors: Vec<f32>) -> StateScorer {
        StateScorer::new(self.layers(), vectors)
    }

    /// The same scorer from what [`StateScorer::projected_tokens`] gave, to score states and no more.
    pub fn scorer_of_projected(&self, projected: Vec<f32>) -> StateScorer {
        StateScorer::of_projected(self.layers(), projected)
    }

    fn layers(&self) -> Arc<StateLayers> {
        self.layers.get_or_init(|| Arc::new(StateLayers::new(&self.weights))).clone()
    }

    /// The layers on the host as they were if numbers were added to the scores of some actions in all states, for a
    /// [`StateScorer`] that was made with the layers as they are.
    pub fn layers_with(&self, added: impl IntoIterator<Item = (usize, f32)>) -> Arc<StateLayers> {
        let mut layers = StateLayers::new(&self.weights);
        added.into_iter().for_each(|(action, number)| layers.add_to_score(action, number));
        Arc::new(layers)
    }

    /// The biases of an action's score, which are all that [`layers_with`](TransitionModel::layers_with) changes.
    pub fn score_biases(&self, action: usize) -> Vec<f32> {
        self.weights.score_biases(action)
    }

    /// Replaces the [`score_biases`](TransitionModel::score_biases) of an action.
    pub fn set_score_biases(&mut self, action: usize, biases: &[f32]) {
        self.layers.take();
        self.weights.set_score_biases(action, biases);
    }

    /// Makes room for more actions: their scores are zero until something is learned. Weights of the others stay.
    pub fn resize(&mut self, n_actions: usize) {
        self.layers.take();
        self.weights.resize(n_actions);
    }

    /// Whether a state shows by which action the next token's word was consumed before.
    pub fn looks_back(&self) -> bool {
        self.weights.earlier.is_some()
    }

    /// The number of actions that the model scores.
    pub fn n_actions(&self) -> usize {
        self.weights.n_actions()
    }

    /// The model as Thinc describes it.
    pub fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [hidden, _] = self.weights.linear.weight.dims();
        let source = match &self.tokens {
            TokenInput::Own(tok2vec) => tok2vec.layer(tree),
            TokenInput::Listener(listener) => listener.layer(tree),
        };
        let ([linear, lower, upper], earlier) = self.weights.layers(tree);
        let array = Layer::new("list2array").into();
        let tok2vec: Arc<Layer> = chain([source, array, linear]).dim("nO", hidden).into();
        let has_upper = self.weights.upper.is_some();
        // spaCy: the root takes its input width from the token vectors, which have none (tb_framework.py).
        let root = Layer::new("parser_model").dim("nI", None).attr("has_upper", has_upper);
        let root = root.reference("tok2vec", &tok2vec).reference("lower", &lower).reference("upper", &upper);
        root.layers([tok2vec, lower, upper].into_iter().chain(earlier)).into()
    }
}
