use std::sync::{Arc, OnceLock};

use ner_thinc::{Layer, chain};

use super::parser_weights::ParserWeights;
use crate::{LayerTree, Parameter, StateLayers, StateScorer, TokenVectors};

/// The network of a recogniser: token vectors, and the layers that score a state's actions.
#[derive(Debug)]
pub struct TransitionModel {
    /// The model's own token vectors, unless it listens to another component.
    pub tok2vec: Option<Box<dyn TokenVectors>>,
    /// The layers above the token vectors.
    pub(super) weights: ParserWeights,
    /// The same as they are used, until weights may change: a batch in prediction need not lay them out again.
    layers: OnceLock<Arc<StateLayers>>,
}

impl TransitionModel {
    pub(super) fn new(tok2vec: Option<Box<dyn TokenVectors>>, weights: ParserWeights) -> TransitionModel {
        TransitionModel { tok2vec, weights, layers: OnceLock::new() }
    }

    /// The trainable weights, those of the token vectors first.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.layers.take();
        let mut parameters =
            self.tok2vec.as_mut().map(|tok2vec| tok2vec.parameters_mut()).unwrap_or_default();
        parameters.extend(self.weights.parameters_mut());
        parameters
    }

    /// The layers on the host, ready to score states of documents whose token vectors `[tokens, width]` are given.
    pub fn scorer(&self, vectors: Vec<f32>) -> StateScorer {
        let layers = self.layers.get_or_init(|| Arc::new(StateLayers::new(&self.weights)));
        StateScorer::new(layers.clone(), vectors)
    }

    /// Makes room for more actions: their scores are zero until something is learned. Weights of the others stay.
    pub fn resize(&mut self, n_actions: usize) {
        self.layers.take();
        self.weights.resize(n_actions);
    }

    /// The number of actions that the model scores.
    pub fn n_actions(&self) -> usize {
        self.weights.n_actions()
    }

    /// The model as Thinc describes it.
    pub fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [hidden, width] = self.weights.linear.weight.dims();
        let source = match &self.tok2vec {
            Some(tok2vec) => tok2vec.layer(tree),
            None => Layer::new("tok2vec-listener").dim("nO", width).into(),
        };
        let [linear, lower, upper] = self.weights.layers(tree);
        let array = Layer::new("list2array").into();
        let tok2vec: Arc<Layer> = chain([source, array, linear]).dim("nO", hidden).into();
        let has_upper = self.weights.upper.is_some();
        // spaCy: the root takes its input width from the token vectors, which have none (tb_framework.py).
        let root = Layer::new("parser_model").dim("nI", None).attr("has_upper", has_upper);
        let root = root.reference("tok2vec", &tok2vec).reference("lower", &lower).reference("upper", &upper);
        root.layers([tok2vec, lower, upper]).into()
    }
}
