//! Architectures of token vectors from outside the crate, below a parser.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{Builder, ConfigError, Kind, Registry, ResolvedConfig};
use ner_cpython::NumpyRandom;
use ner_doc::Doc;
use ner_layers::{Init, Mode, to_vec};
use ner_model::{
    Heard, LayerTree, Listen, ListenerRecipe, Parameter, Recipe, SharedKind, SharedRows, TokenInput,
    TokenSource, TokenVectors, TransitionBasedParser,
};
use ner_thinc::Layer;
use ner_vocab::Vocab;
use schemars::JsonSchema;
use serde::Deserialize;

/// Token vectors that hold nothing but the token's index.
#[derive(Debug)]
struct TokenIndex {
    width: usize,
    device: Device,
}

impl TokenVectors for TokenIndex {
    fn forward(&self, docs: &[&Doc], _: &mut Mode<'_>) -> Tensor<2> {
        let indices = docs.iter().flat_map(|doc| 0..doc.len());
        let vectors: Vec<f32> =
            indices.flat_map(|index| std::iter::repeat_n(index as f32, self.width)).collect();
        let shape = [vectors.len() / self.width, self.width];
        Tensor::from_data(TensorData::new(vectors, shape), &self.device)
    }

    fn width(&self) -> usize {
        self.width
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        Vec::new()
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        Layer::new("token_index").dim("nO", self.width).into()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    width: usize,
}

fn token_index(config: Config, _: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let width = config.width;
    let make = move |init: &mut Init<'_>| {
        Box::new(TokenIndex { width, device: init.device().clone() }) as Box<dyn TokenVectors>
    };
    Ok(TokenSource::Own(Recipe::new(width, make)))
}

/// A listener that takes the shared vectors twice as long.
#[derive(Debug)]
struct Doubled;

impl Listen for Doubled {
    fn forward(&self, shared: &SharedRows, _: &mut Mode<'_>) -> Tensor<2> {
        shared.last().clone() * 2.0
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        Layer::new("doubled").into()
    }
}

fn other_listener(config: Config, _: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let make = |_: usize, _: &mut Init<'_>| Box::new(Doubled) as Box<dyn Listen>;
    Ok(TokenSource::Listener(ListenerRecipe::new("other", Some(config.width), SharedKind::Tok2Vec, make)))
}

/// The parser of a config whose token vectors `architecture` gives.
fn parser(architecture: &str) -> Result<TransitionBasedParser, ConfigError> {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    registry.add(Kind::Architectures, "outside.TokenIndex.v1", token_index);
    registry.add(Kind::Architectures, "outside.Listener.v1", other_listener);
    let config = format!(
        "[model]\n@architectures = spacy.TransitionBasedParser.v2\nstate_type = ner\n\
         extra_state_tokens = false\nhidden_width = 8\nmaxout_pieces = 2\nuse_upper = true\n\n\
         [model.tok2vec]\n@architectures = {architecture}\nwidth = 4\n"
    );
    registry.build(Kind::Architectures, &ResolvedConfig::from_cfg_str(&config)?.block("model")?)
}

#[test]
fn a_parser_stands_on_token_vectors_of_another_crate() {
    let parser = parser("outside.TokenIndex.v1").unwrap();
    let mut model = parser.make(5, None, &mut Init::random(&mut NumpyRandom::new(0), &Device::flex()));
    assert_eq!(model.parameters_mut().len(), 2 + 3 + 2, "those of the layers above the token vectors");

    let vocab = Arc::new(Vocab::new("en").unwrap());
    let [two, three] =
        [&["a", "b"][..], &["c", "d", "e"]].map(|words| Doc::from_words(vocab.clone(), words, &[]));
    let vectors = model.tok2vec().unwrap().forward(&[&two, &three], &mut Mode::Predict);
    let vectors = to_vec(vectors);
    assert_eq!(vectors.chunks(4).map(|vector| vector[0]).collect::<Vec<_>>(), [0.0, 1.0, 0.0, 1.0, 2.0]);

    let scorer = model.scorer(vectors);
    let projected: Vec<&[f32]> = scorer.projected_tokens().chunks(8).collect();
    assert_eq!(projected[0], [0.0; 8], "a vector of zeros and no bias");
    assert_eq!((projected[0], projected[1]), (projected[2], projected[3]), "equal indices, equal vectors");
    assert_ne!(projected[1], projected[4]);

    let layer = model.layer(&mut LayerTree::to_read());
    assert!(Layer::walk(&layer).iter().any(|layer| layer.node.name == "token_index"));
}

#[test]
fn another_crate_registers_a_listener() {
    let parser = parser("outside.Listener.v1").unwrap();
    let TokenSource::Listener(listener) = &parser.tokens else { panic!("{:?}", parser.tokens) };
    assert_eq!((listener.width, listener.upstream.as_str()), (Some(4), "other"));
    let model = parser.make(5, None, &mut Init::zeros(&Device::flex()));
    let TokenInput::Listener(listener) = &model.tokens else { panic!("{:?}", model.tokens) };
    let vectors = Tensor::<2>::from_data([[1.0, 0.5, 0.0, -1.0]], &Device::flex());
    let mode = &mut Mode::Predict;
    let heard = Heard::new(&**listener, &SharedRows::of_tokens(vectors.clone()), mode);
    assert_eq!(to_vec(heard.vectors()), [2.0, 1.0, 0.0, -2.0]);
    let (shared, _) = heard.backward(vectors);
    assert_eq!(to_vec(shared.layers[0].clone().unwrap()), [2.0, 1.0, 0.0, -2.0]);
}

#[test]
fn only_token_vectors_stand_below_a_parser() {
    let message = parser("spacy.TorchBiLSTMEncoder.v1\ndepth = 1\ndropout = 0.0").unwrap_err().to_string();
    assert!(message.starts_with("model.tok2vec: ") && message.contains("TokenSource"), "{message}");
}
