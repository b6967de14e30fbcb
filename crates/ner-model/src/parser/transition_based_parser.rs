use std::sync::{Arc, OnceLock};

use burn::tensor::Device;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::{Init, Linear, PrecomputableAffine};
use ner_thinc::{Layer, chain};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::argument_checks::{check_at_least_one, check_weights};
use crate::{LayerTree, Parameter, StateLayers, StateScorer, TokenSource, TokenVectors};

/// Scores the actions of a transition system from the vectors of a few tokens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "the names are spaCy's")]
pub(crate) struct TransitionBasedParserConfig {
    /// Where token vectors come from.
    pub tok2vec: Block,
    /// The transition system: "ner".
    pub state_type: String,
    /// Whether a state shows six tokens instead of three.
    pub extra_state_tokens: bool,
    /// Length of the state's vector.
    pub hidden_width: usize,
    /// Pieces of the state's maxout.
    pub maxout_pieces: usize,
    /// Whether a layer stands between the state's vector and the scores.
    #[serde(default = "use_upper")]
    pub use_upper: bool,
    /// Number of actions; known from the labels.
    #[serde(default)]
    pub nO: Option<usize>,
}

fn use_upper() -> bool {
    true
}

/// Tokens that a state shows: the next one, and the first and the last one of the open entity.
const STATE_TOKENS: usize = 3;
/// The same with `extra_state_tokens`: the next one, and the first five of the open entity.
const EXTRA_STATE_TOKENS: usize = 6;

/// What is needed to make a [`TransitionModel`]: all but the number of actions and the weights.
#[derive(Debug)]
pub struct TransitionBasedParser {
    /// Where token vectors come from.
    pub tokens: TokenSource,
    /// The number of tokens that a state shows.
    pub n_features: usize,
    hidden_width: usize,
    maxout_pieces: usize,
    use_upper: bool,
}

/// `spacy.TransitionBasedParser.v2`
pub(crate) fn transition_based_parser(
    config: TransitionBasedParserConfig,
    builder: &Builder<'_>,
) -> Result<TransitionBasedParser, ConfigError> {
    if config.state_type != "ner" {
        let message =
            format!("expected \"ner\", found {:?}: no other transition system is known", config.state_type);
        return Err(builder.invalid("state_type", message));
    }
    let numbers = [("hidden_width", config.hidden_width), ("maxout_pieces", config.maxout_pieces)];
    check_at_least_one(builder, &numbers)?;
    let tokens: TokenSource = builder.build(Kind::Architectures, &config.tok2vec)?;
    let n_features = if config.extra_state_tokens { EXTRA_STATE_TOKENS } else { STATE_TOKENS };
    let TransitionBasedParserConfig { hidden_width, maxout_pieces, use_upper, .. } = config;
    check_weights(builder, "hidden_width", &[n_features, hidden_width, maxout_pieces, hidden_width])?;
    check_weights(builder, "hidden_width", &[hidden_width, tokens.width()])?;
    if let Some(n_actions) = config.nO {
        let message =
            format!("expected null: the number of actions follows from the labels, found {n_actions}");
        return Err(builder.invalid("nO", message));
    }
    Ok(TransitionBasedParser { tokens, n_features, hidden_width, maxout_pieces, use_upper })
}

impl TransitionBasedParser {
    /// Makes the model for `n_actions`.
    pub fn make(&self, n_actions: usize, init: &mut Init<'_>) -> TransitionModel {
        let tok2vec = match &self.tokens {
            TokenSource::Own(recipe) => Some(recipe.make(init)),
            TokenSource::Listener(_) => None,
        };
        let outputs = if self.use_upper { self.hidden_width } else { n_actions };
        let linear = Linear::init(self.hidden_width, self.tokens.width(), init);
        let lower = PrecomputableAffine::init(
            [self.n_features, outputs, self.maxout_pieces, self.hidden_width],
            init,
        );
        let upper = self.use_upper.then(|| Linear::zeros(n_actions, self.hidden_width, init));
        TransitionModel { tok2vec, linear, lower, upper, layers: OnceLock::new() }
    }
}

/// The network of a recogniser: token vectors, and the two layers that score a state's actions.
#[derive(Debug)]
pub struct TransitionModel {
    /// The model's own token vectors, unless it listens to another component.
    pub tok2vec: Option<Box<dyn TokenVectors>>,
    /// Token vectors to the input of the state layer.
    pub(crate) linear: Linear,
    /// The state layer.
    pub(crate) lower: PrecomputableAffine,
    /// The state's vector to scores; without it, the state layer gives the scores.
    pub(crate) upper: Option<Linear>,
    /// The last three as they are used, until weights may change.
    layers: OnceLock<Arc<StateLayers>>,
}

impl TransitionModel {
    /// The trainable weights.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.layers.take();
        let mut parameters =
            self.tok2vec.as_mut().map(|tok2vec| tok2vec.parameters_mut()).unwrap_or_default();
        parameters.extend([&mut self.linear.weight as &mut dyn Parameter, &mut self.linear.bias]);
        parameters.extend([
            &mut self.lower.weight as &mut dyn Parameter,
            &mut self.lower.bias,
            &mut self.lower.pad,
        ]);
        if let Some(upper) = &mut self.upper {
            parameters.extend([&mut upper.weight as &mut dyn Parameter, &mut upper.bias]);
        }
        parameters
    }

    /// The layers on the host, ready to score states of documents whose token vectors `[tokens, width]` are given.
    pub fn scorer(&self, vectors: Vec<f32>) -> StateScorer {
        let layers = self.layers.get_or_init(|| Arc::new(StateLayers::new(self)));
        StateScorer::new(layers.clone(), vectors)
    }

    /// Makes room for more actions: their scores are zero until something is learned. Weights of the others stay.
    pub fn resize(&mut self, n_actions: usize) {
        self.layers.take();
        match &mut self.upper {
            Some(upper) => {
                let device = upper.weight.val().device();
                let hidden = upper.weight.dims()[1];
                let grown = Linear::zeros(n_actions, hidden, &Init::zeros(&device));
                *upper = grow_linear(upper, grown);
            }
            None => self.lower = grow_lower(&self.lower, n_actions),
        }
    }

    /// The number of actions that the model scores.
    pub fn n_actions(&self) -> usize {
        match &self.upper {
            Some(upper) => upper.weight.dims()[0],
            None => self.lower.weight.dims()[1],
        }
    }

    /// The model as Thinc describes it.
    pub fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [hidden, width] = self.linear.weight.dims();
        let source = match &self.tok2vec {
            Some(tok2vec) => tok2vec.layer(tree),
            None => Layer::new("tok2vec-listener").dim("nO", width).into(),
        };
        let array = Layer::new("list2array").into();
        let linear = linear_layer(&self.linear, tree);
        let tok2vec: Arc<Layer> = chain([source, array, linear]).dim("nO", hidden).into();
        let lower = self.lower_layer(tree);
        let upper = match &self.upper {
            Some(upper) => linear_layer(upper, tree),
            None => Layer::new("noop").into(),
        };
        let root = Layer::new("parser_model").dim("nI", None).attr("has_upper", self.upper.is_some());
        let root = root.reference("tok2vec", &tok2vec).reference("lower", &lower).reference("upper", &upper);
        root.layers([tok2vec, lower, upper]).into()
    }

    fn lower_layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [features, outputs, pieces, inputs] = self.lower.weight.dims();
        let layer = Layer::new("precomputable_affine").dim("nO", outputs).dim("nI", inputs);
        // spaCy: the rate is written and never used (_precomputable_affine.py).
        let layer = layer.dim("nF", features).dim("nP", pieces).attr("dropout_rate", tree.dropout_rate());
        tree.leaf(layer, &[("W", &self.lower.weight), ("b", &self.lower.bias), ("pad", &self.lower.pad)])
    }
}

fn linear_layer(linear: &Linear, tree: &mut LayerTree) -> Arc<Layer> {
    let [outputs, inputs] = linear.weight.dims();
    let layer = Layer::new("linear").dim("nO", outputs).dim("nI", inputs);
    tree.leaf(layer, &[("W", &linear.weight), ("b", &linear.bias)])
}

fn grow_linear(old: &Linear, mut grown: Linear) -> Linear {
    copy_front(&old.weight.array(), &mut grown.weight);
    copy_front(&old.bias.array(), &mut grown.bias);
    grown
}

fn copy_front(old: &ner_thinc::Array, new: &mut dyn Parameter) {
    new.change(&mut |weights| weights[..old.data().len()].copy_from_slice(old.data()));
}

fn grow_lower(old: &PrecomputableAffine, n_actions: usize) -> PrecomputableAffine {
    let [features, outputs, pieces, inputs] = old.weight.dims();
    let device: Device = old.weight.val().device();
    let mut grown = PrecomputableAffine::zeros([features, n_actions, pieces, inputs], &Init::zeros(&device));
    copy_rows(&old.weight.array(), &mut grown.weight, outputs * pieces * inputs, n_actions * pieces * inputs);
    copy_rows(&old.pad.array(), &mut grown.pad, outputs * pieces, n_actions * pieces);
    copy_front(&old.bias.array(), &mut grown.bias);
    grown
}

fn copy_rows(old: &ner_thinc::Array, new: &mut dyn Parameter, old_row: usize, new_row: usize) {
    new.change(&mut |weights| {
        for (to, from) in weights.chunks_exact_mut(new_row).zip(old.data().chunks_exact(old_row)) {
            to[..old_row].copy_from_slice(from);
        }
    });
}
