//! Components that share several rows of a token: what listeners learn from them, and what they refuse.

use std::collections::HashMap;
use std::sync::Arc;

use burn::module::{Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{Builder, ConfigError, Document, Registry};
use ner_doc::{Doc, EntIob, Entity, Example};
use ner_layers::{Init, Mode, RaggedRows, Reduce};
use ner_model::{LayerTree, Parameter, SharedKind, SharedRows, TokenVectors};
use ner_pipeline::{Component, ComponentRecipe, Initialization, Learning, Pipeline, PipelineError, Random};
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::golden::adam;

const WIDTH: usize = 4;

/// A row of its length and its first letter for each token, times a matrix that learns; for a transformer twice.
#[derive(Debug)]
struct Rows {
    weight: Param<Tensor<2>>,
    kind: SharedKind,
}

impl Rows {
    fn new(kind: SharedKind, init: &Init<'_>) -> Rows {
        let weights = (0..2 * WIDTH).map(|index| 0.1 * index as f32 - 0.3).collect::<Vec<_>>();
        let weight = Tensor::from_data(TensorData::new(weights, [2, WIDTH]), init.device());
        Rows { weight: Param::initialized(ParamId::new(), weight), kind }
    }
}

impl TokenVectors for Rows {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let shared = self.share(docs, mode);
        shared.pool(shared.last().clone(), Reduce::Mean)
    }

    fn share(&self, docs: &[&Doc], _: &mut Mode<'_>) -> SharedRows {
        let tokens = docs.iter().flat_map(|doc| &doc.tokens);
        let features: Vec<f32> = tokens
            .flat_map(|token| [token.text().len() as f32 / 4.0, f32::from(token.text().as_bytes()[0]) / 64.0])
            .collect();
        let n_tokens = features.len() / 2;
        let features =
            Tensor::<2>::from_data(TensorData::new(features, [n_tokens, 2]), &self.weight.val().device());
        let rows = features.matmul(self.weight.val());
        if self.kind == SharedKind::Tok2Vec {
            return SharedRows::of_tokens(rows);
        }
        let n_tokens = n_tokens as u32;
        let tokens = RaggedRows {
            starts: (0..=n_tokens).map(|token| 2 * token).collect(),
            rows: (0..n_tokens).flat_map(|token| [token, n_tokens + token]).collect(),
        };
        let rows = Tensor::cat(vec![rows.clone(), rows], 0);
        SharedRows { layers: vec![rows.clone(), rows], tokens: Some(Arc::new(tokens)) }
    }

    fn check(&self, docs: &[&Doc]) -> Result<(), String> {
        let refused = docs.iter().any(|doc| doc.tokens.iter().any(|token| token.text() == "refused"));
        if refused { Err("expected other words".to_owned()) } else { Ok(()) }
    }

    fn python_draws(&self) -> usize {
        usize::from(self.kind == SharedKind::Transformer)
    }

    fn width(&self) -> usize {
        WIDTH
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        vec![&mut self.weight]
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        tree.leaf(Layer::new("rows"), &[("W", &self.weight)])
    }
}

/// Shares such rows, and makes them when it is initialised.
#[derive(Debug)]
struct RowsComponent {
    kind: SharedKind,
    rows: Option<Rows>,
}

impl Component for RowsComponent {
    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        self.rows.as_ref().map(|rows| rows as &dyn TokenVectors)
    }

    fn token_vectors_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        self.rows.as_mut().map(|rows| rows as &mut dyn TokenVectors)
    }

    fn shares(&self) -> Option<SharedKind> {
        Some(self.kind)
    }

    fn is_trainable(&self) -> bool {
        true
    }

    fn initialize(&mut self, _: &Initialization<'_>, init: &mut Init<'_>) -> Result<(), PipelineError> {
        self.rows = Some(Rows::new(self.kind, init));
        Ok(())
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RowsConfig {
    kind: String,
}

fn rows(config: RowsConfig, _: &Builder<'_>) -> Result<ComponentRecipe, ConfigError> {
    let kind = match config.kind.as_str() {
        "tok2vec" => SharedKind::Tok2Vec,
        "transformer" => SharedKind::Transformer,
        kind => SharedKind::CuratedTransformer { all_layers: kind == "all" },
    };
    Ok(ComponentRecipe::new(move |_| RowsComponent { kind, rows: None }))
}

fn mean(listener: &str) -> String {
    format!(
        "@architectures = {listener}\n\n[components.ner.model.tok2vec.pooling]\n@layers = reduce_mean.v1\n"
    )
}

/// A pipeline of such a component and two recognisers, each with this listener.
fn pipeline(kind: &str, listener: &str) -> Result<Pipeline, PipelineError> {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    ner_pipeline::register(&mut registry);
    registry.add_component("test_rows", &[], rows);
    let ner = format!(
        "[components.ner]\nfactory = ner\nupdate_with_oracle_cut_size = 0\n\n[components.ner.model]\n\
         @architectures = spacy.TransitionBasedParser.v2\nstate_type = ner\nextra_state_tokens = false\n\
         hidden_width = 8\nmaxout_pieces = 2\nuse_upper = false\n\n[components.ner.model.tok2vec]\n{listener}\n"
    );
    let second = ner.replace("components.ner", "components.second");
    let config = format!(
        "[nlp]\nlang = en\npipeline = [\"rows\",\"ner\",\"second\"]\n\n[components]\n\n[components.rows]\nfactory = test_rows\nkind = {kind}\n\n\
         {ner}\n{second}"
    );
    Pipeline::from_config(&Document::from_cfg_str(&config)?, &registry, &Device::flex())
}

fn examples(pipeline: &Pipeline) -> Vec<Example> {
    let texts = ["then Ada wrote", "so did Bob", "rain"];
    let example = |text: &str| {
        let mut reference = pipeline.tokenizer().tokenize(text).unwrap();
        let label = reference.vocab().strings().add("PERSON");
        let names: Vec<usize> = (0..reference.len())
            .filter(|&index| {
                reference.tokens[index].text().len() == 3
                    && reference.tokens[index].text().starts_with(char::is_uppercase)
            })
            .collect();
        let entities: Vec<Entity> =
            names.into_iter().map(|start| Entity { start, end: start + 1, label }).collect();
        reference.set_entities(&entities, EntIob::Out).unwrap();
        Example::new(pipeline.tokenizer().tokenize(text).unwrap(), reference)
    };
    texts.into_iter().map(example).collect()
}

/// What an update leaves: the gradient of the rows' matrix, the loss, the next number of Python's generator.
struct Updated {
    gradient: Vec<f32>,
    loss: f64,
    next: f64,
}

fn update(kind: &str, listener: &str) -> Updated {
    let mut pipeline = pipeline(kind, listener).unwrap();
    let examples = examples(&pipeline);
    pipeline.initialize(&examples, &HashMap::new(), 0).unwrap();
    let mut learning = Learning::new(adam(&serde_json::json!({})), Random::new(0));
    pipeline.update(&examples.iter().collect::<Vec<_>>(), 0.0, &mut learning).unwrap();
    let id = pipeline.component_mut("rows").unwrap().parameters_mut()[0].id();
    Updated {
        gradient: learning.gradients.get(id).unwrap(),
        loss: learning.losses["rows"],
        next: learning.random.python.draw(|random| random.random()),
    }
}

const TOK2VEC: &str = "@architectures = spacy.Tok2VecListener.v1\nwidth = 4\n";
const HF: &str = "spacy-transformers.TransformerListener.v1";
const LAST: &str = "spacy-curated-transformers.LastTransformerLayerListener.v1\nwidth = 4";

#[test]
fn pieces_learn_as_their_tokens_would() {
    let tokens = update("tok2vec", TOK2VEC);
    let [transformer, curated] =
        [("transformer", HF), ("last", LAST)].map(|(kind, listener)| update(kind, &mean(listener)));
    for found in [&transformer, &curated] {
        for (found, expected) in found.gradient.iter().zip(&tokens.gradient) {
            assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{found}, {expected}");
        }
    }
    // Half of the gradient goes to each of two pieces, so that the squares are half as large.
    assert!((transformer.loss / tokens.loss - 0.5).abs() < 1e-5, "{}, {}", transformer.loss, tokens.loss);
    // Of the sum of both listeners' gradients, the second of which has equal weights: 4 in place of 2 times the squares.
    assert!(curated.loss > 0.0 && (curated.loss - transformer.loss).abs() > 1e-6);
    let mut random = ner_cpython::PythonRandom::new(0);
    let drawn = [random.random(), random.random()];
    assert_eq!([tokens.next, transformer.next, curated.next], [drawn[0], drawn[1], drawn[0]]);
}

#[test]
fn a_listener_of_another_library_is_refused_with_the_one_that_fits() {
    let message = |kind, listener: &str| pipeline(kind, listener).unwrap_err().to_string();
    for (kind, listener, part) in [
        ("transformer", TOK2VEC.to_owned(), "spacy-transformers.TransformerListener.v1"),
        ("tok2vec", mean(HF), "spacy.Tok2VecListener.v1"),
        ("last", mean(HF), "spacy-curated-transformers.LastTransformerLayerListener.v1"),
    ] {
        let message = message(kind, &listener);
        let place = "components.ner.model.tok2vec.@architectures";
        assert!(message.contains(part) && message.contains(place), "{message}");
    }
    let weighting = "spacy-curated-transformers.ScalarWeightingListener.v1\nwidth = 4\n\n[components.ner.model.tok2vec.weighting]\n\
                     @architectures = spacy-curated-transformers.ScalarWeight.v1\nnum_layers = 1";
    assert!(message("last", &mean(weighting)).contains("all_layer_outputs = true"));
    assert!(pipeline("all", &mean(weighting)).is_ok());
}

#[test]
fn what_is_not_there_yet_and_what_is_refused_are_told() {
    let mut pipeline = pipeline("transformer", &mean(HF)).unwrap();
    let message = pipeline.annotate("then").unwrap_err().to_string();
    assert!(message.contains("rows") && message.contains("no weights yet"), "{message}");
    let examples = examples(&pipeline);
    pipeline.initialize(&examples, &HashMap::new(), 0).unwrap();
    assert!(pipeline.annotate("then Ada wrote").is_ok());
    let message = pipeline.annotate("she refused").unwrap_err().to_string();
    assert_eq!(message, "component rows: expected other words");
    assert!(pipeline.annotate("").is_ok());
}
