use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::Tensor;
use ner_config::{Block, Builder, ConfigError, Kind, Table};
use ner_doc::Doc;
use ner_layers::{Mode, Reduce};
use ner_optim::ParameterRole;
use ner_thinc::Layer;
use ner_transformer::Precision;
use schemars::JsonSchema;
use serde::Deserialize;

use super::hugging_face_network::HuggingFaceNetwork;
use super::transformer_model::{TransformerModelConfig, source};
use crate::listeners::pooling;
use crate::{LayerTree, Parameter, Recipe, SharedRows, TokenSource, TokenVectors};

/// Token vectors from an encoder of transformers that a component has for itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tok2VecTransformerConfig {
    /// A folder, or a name that is looked for where encoders are.
    pub name: String,
    /// Cuts documents into what the encoder reads at once.
    pub get_spans: Block,
    /// Settings of the tokenizer in place of those in the encoder's folder.
    #[serde(default)]
    pub tokenizer_config: Table,
    /// Makes one vector of the pieces of a token.
    pub pooling: Block,
    /// What the gradient is multiplied by before the encoder learns from it.
    #[serde(default = "full_gradient")]
    pub grad_factor: f64,
    /// Settings of the encoder in place of those in its folder.
    #[serde(default)]
    pub transformer_config: Table,
    /// Half precision where a GPU trains with PyTorch; here everything is computed in single precision.
    #[serde(default)]
    pub mixed_precision: bool,
    /// Settings of PyTorch for that; without a meaning here.
    #[serde(default)]
    pub grad_scaler_config: Table,
}

fn full_gradient() -> f64 {
    1.0
}

/// `spacy-transformers.Tok2VecTransformer.v1`, `.v2` and `.v3`
pub(crate) fn tok2vec_transformer(
    config: Tok2VecTransformerConfig,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let pooling: Reduce = builder.build(Kind::Layers, &config.pooling)?;
    let grad_factor = config.grad_factor;
    let model = TransformerModelConfig {
        name: config.name,
        get_spans: config.get_spans,
        tokenizer_config: config.tokenizer_config,
        transformer_config: config.transformer_config,
        mixed_precision: config.mixed_precision,
        grad_scaler_config: config.grad_scaler_config,
    };
    let source = Arc::new(source(model, builder)?);
    let prepared = source.clone();
    let recipe = Recipe::new(1, move |init| {
        let network = HuggingFaceNetwork::new(source.clone(), source.make(init));
        Box::new(Tok2VecTransformer { network, pooling, grad_factor }) as Box<dyn TokenVectors>
    });
    Ok(TokenSource::Own(recipe.with_preparation(move |preparation| prepared.prepare(preparation))))
}

/// An encoder with the pooling of each token's pieces.
#[derive(Debug)]
struct Tok2VecTransformer {
    network: HuggingFaceNetwork,
    pooling: Reduce,
    grad_factor: f64,
}

impl TokenVectors for Tok2VecTransformer {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let shared = self.network.share(docs, mode);
        let vectors = shared.pool(shared.last().clone(), self.pooling);
        if self.grad_factor == 1.0 || !vectors.is_autodiff() {
            return vectors;
        }
        // The same value, of which only a part has a gradient.
        let learns = vectors.clone() * self.grad_factor;
        learns + vectors.detach() * (1.0 - self.grad_factor)
    }

    fn share(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> SharedRows {
        SharedRows::of_tokens(self.forward(docs, mode))
    }

    fn kept_bytes(&self, docs: &[&Doc], checkpoints: Option<bool>) -> usize {
        self.network.kept_bytes(docs, checkpoints)
    }

    fn check(&self, docs: &[&Doc]) -> Result<(), String> {
        self.network.check(docs)
    }

    fn python_draws(&self) -> usize {
        self.network.python_draws()
    }

    fn width(&self) -> usize {
        self.network.width()
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        self.network.lookups(docs)
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.network.parameters_mut()
    }

    fn set_precision(&mut self, precision: Precision) {
        self.network.set_precision(precision);
    }

    fn roles(&mut self) -> HashMap<u64, ParameterRole> {
        self.network.roles()
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let width = self.network.width();
        let split = Layer::new("split-trf-batch").into();
        let encoder = Layer::new("transformer>>split-trf-batch").dim("nO", None);
        let encoder = encoder.layers([self.network.layer(tree), split]).into();
        let arrays = Layer::new("trfs2arrays").attr("grad_factor", self.grad_factor);
        let arrays = arrays.layers([pooling::layer(self.pooling)]).into();
        Layer::new("transformer>>split-trf-batch>>trfs2arrays")
            .dim("nO", width)
            .layers([encoder, arrays])
            .into()
    }
}
