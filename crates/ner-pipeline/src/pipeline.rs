use std::borrow::BorrowMut;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, Kind, Registry};
use ner_doc::{Doc, Vectors, Vocab};
use ner_layers::{Init, Mode, to_vec};
use ner_tokenizer::Tokenizer;
use ner_transitions::Actions;
use serde::Deserialize;

use crate::beam::EntityScore;
use crate::component::Component;
use crate::directory::content;
use crate::entity_recognizer::EntityRecognizer;
use crate::factories::{ComponentRecipe, RuleTokenizer};
use crate::tok2vec_component::Tok2VecComponent;
use crate::vocab_directory::read_vectors;
use crate::{Meta, PipelineError};

/// Tokens of a batch that are predicted together: enough to keep the matrix products busy.
const TOKENS_PER_BATCH: usize = 2000;

/// From text to entities: a tokeniser and components that run one after the other.
#[derive(Debug)]
pub struct Pipeline {
    pub(crate) config: Document,
    pub(crate) meta: Meta,
    pub(crate) vocab: Arc<Vocab>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) components: IndexMap<String, Component>,
    pub(crate) device: Device,
    /// The dropout rate of the last training, which model files note down.
    pub(crate) dropout_rate: f64,
}

/// The section `[nlp]`, as far as a pipeline needs it.
#[derive(Debug, Deserialize)]
struct Nlp {
    lang: String,
    pipeline: Vec<String>,
    tokenizer: Option<Block>,
}

impl Pipeline {
    /// The pipeline of a config, with weights and labels still to come. English has its tokeniser built in. Static
    /// vectors are read from the pipeline that `initialize.vectors` names.
    pub fn from_config(
        config: &Document,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        let interpolated = config.interpolate()?;
        let lang = interpolated.section::<Nlp>("nlp")?.lang;
        let vocab = Vocab::new(&lang).ok_or_else(|| ConfigError::Value {
            path: "nlp.lang".to_owned(),
            message: format!("expected the code of a language, such as \"en\" or \"xx\", found {lang:?}"),
        })?;
        let vectors =
            interpolated.get("initialize.vectors").and_then(|path| path.as_str().map(str::to_owned));
        let vocab = match vectors {
            Some(path) => vocab.with_vectors(vectors_of(Path::new(&path))?),
            None => vocab,
        };
        let vocab = Arc::new(vocab);
        let tokenizer = Tokenizer::for_language(vocab.clone())?;
        Pipeline::assemble(config, registry, device, tokenizer, vocab)
    }

    /// The pipeline of a config with a tokeniser of its own.
    pub(crate) fn assemble(
        config: &Document,
        registry: &Registry,
        device: &Device,
        tokenizer: Tokenizer,
        vocab: Arc<Vocab>,
    ) -> Result<Pipeline, PipelineError> {
        let interpolated = config.interpolate()?;
        let nlp: Nlp = interpolated.section("nlp")?;
        if let Some(tokenizer) = &nlp.tokenizer {
            registry.build::<RuleTokenizer>(Kind::Tokenizers, tokenizer)?;
        }
        let mut components = IndexMap::new();
        for name in &nlp.pipeline {
            let recipe =
                registry.build(Kind::Factories, &interpolated.block(&format!("components.{name}"))?)?;
            let mut init = Init::zeros(device).with_vector_width(vocab.vectors().width());
            let component = make(recipe, &mut init);
            check_upstream(name, &component, &components)?;
            components.insert(name.clone(), component);
        }
        Ok(Pipeline {
            config: config.clone(),
            meta: Meta::new(&nlp.lang),
            vocab,
            tokenizer,
            components,
            device: device.clone(),
            dropout_rate: 0.0,
        })
    }

    /// The config that the pipeline was made from.
    pub fn config(&self) -> &Document {
        &self.config
    }

    /// Name, version, scores and whatever else describes the pipeline.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The same, to be changed.
    pub fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    /// The vocabulary.
    pub fn vocab(&self) -> &Arc<Vocab> {
        &self.vocab
    }

    /// The tokeniser.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The components in the order in which they run, by name.
    pub fn components(&self) -> &IndexMap<String, Component> {
        &self.components
    }

    /// The component with this name, to be changed.
    pub fn component_mut(&mut self, name: &str) -> Option<&mut Component> {
        self.components.get_mut(name)
    }

    /// The tokens of a text with the entities that the components find in it.
    pub fn annotate(&self, text: &str) -> Result<Doc, PipelineError> {
        let mut docs = [self.tokenizer.tokenize(text)?];
        self.predict(&mut docs);
        let [doc] = docs;
        Ok(doc)
    }

    /// Runs all components on documents that have tokens. What is preset on them is respected.
    pub fn predict<D: BorrowMut<Doc>>(&self, docs: &mut [D]) {
        let mut docs: Vec<&mut Doc> = docs.iter_mut().map(BorrowMut::borrow_mut).collect();
        docs.retain(|doc| !doc.is_empty());
        let mut rest = docs.as_mut_slice();
        while !rest.is_empty() {
            let (batch, others) = rest.split_at_mut(batch_size(rest));
            self.predict_batch(batch);
            rest = others;
        }
    }

    /// Runs all components on a document, and returns how sure the beams of its recognisers are of the entities that
    /// they considered; nothing for recognisers without beam search.
    pub fn predict_with_scores(&self, doc: &mut Doc) -> Vec<EntityScore> {
        if doc.is_empty() {
            Vec::new()
        } else {
            self.predict_batch(&mut [doc]).into_iter().flatten().collect()
        }
    }

    /// The documents hold at least one token in all. Returns the entities that each beam considered in each document.
    fn predict_batch(&self, docs: &mut [&mut Doc]) -> Vec<Vec<EntityScore>> {
        let mut vectors: IndexMap<&str, Tensor<2>> = IndexMap::new();
        let mut scores = Vec::new();
        for (name, component) in &self.components {
            match component {
                Component::Tok2Vec(tok2vec) => {
                    let docs: Vec<&Doc> = docs.iter().map(|doc| &**doc).collect();
                    vectors.insert(name, tok2vec.forward(&docs, &mut Mode::Predict));
                }
                Component::EntityRecognizer(recognizer) => {
                    let upstream = recognizer.upstream().and_then(|name| find_upstream(&vectors, name));
                    scores.extend(recognizer.predict(docs, upstream).into_iter().flatten());
                }
            }
        }
        scores
    }

    /// What a recogniser of this pipeline sees of a document with tokens: their vectors, projected to the width of its
    /// state layer, row by row.
    pub fn projected_tokens(&self, recognizer: &EntityRecognizer, doc: &Doc) -> Vec<f32> {
        let mut vectors: IndexMap<&str, Tensor<2>> = IndexMap::new();
        for (name, component) in &self.components {
            if let Component::Tok2Vec(tok2vec) = component {
                vectors.insert(name, tok2vec.forward(&[doc], &mut Mode::Predict));
            }
        }
        let upstream = recognizer.upstream().and_then(|name| find_upstream(&vectors, name));
        to_vec(recognizer.project(&[doc], upstream))
    }

    /// Records operations on the weights for backward passes, or stops doing so.
    pub(crate) fn set_autodiff(&mut self, autodiff: bool) {
        for component in self.components.values_mut() {
            component.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(autodiff));
        }
    }
}

/// The static vectors of a pipeline's directory.
fn vectors_of(path: &Path) -> Result<Vectors, PipelineError> {
    let vectors = read_vectors(&path.join("vocab"))?.filter(|vectors| vectors.n_rows() > 0);
    vectors.ok_or_else(|| {
        content(path, "expected a pipeline with static vectors (initialize.vectors), found none")
    })
}

/// The component that a listener means: by name, or the nearest before it.
pub(crate) fn find_upstream<'a, T>(vectors: &'a IndexMap<&str, T>, name: &str) -> Option<&'a T> {
    if name == "*" { vectors.last().map(|(_, vectors)| vectors) } else { vectors.get(name) }
}

fn batch_size(docs: &[&mut Doc]) -> usize {
    let mut n_tokens = 0;
    let fits = |doc: &&&mut Doc| {
        n_tokens += doc.len();
        n_tokens <= TOKENS_PER_BATCH
    };
    docs.iter().take_while(fits).count().max(1)
}

fn make(recipe: ComponentRecipe, init: &mut Init<'_>) -> Component {
    match recipe {
        ComponentRecipe::Tok2Vec(recipe) => Component::Tok2Vec(Tok2VecComponent::new(recipe, init)),
        ComponentRecipe::EntityRecognizer(settings, architecture) => {
            let actions = Actions::without_labels();
            let recognizer = EntityRecognizer::new(settings, architecture, actions, init);
            Component::EntityRecognizer(Box::new(recognizer))
        }
    }
}

/// A listener needs a component before it that has vectors of the right length.
fn check_upstream(
    name: &str,
    component: &Component,
    before: &IndexMap<String, Component>,
) -> Result<(), ConfigError> {
    let Component::EntityRecognizer(recognizer) = component else { return Ok(()) };
    let Some(upstream) = recognizer.upstream() else { return Ok(()) };
    let widths: IndexMap<&str, usize> = before
        .iter()
        .filter_map(|(name, component)| match component {
            Component::Tok2Vec(tok2vec) => Some((name.as_str(), tok2vec.model.width())),
            Component::EntityRecognizer(_) => None,
        })
        .collect();
    let path = format!("components.{name}.model.tok2vec");
    match find_upstream(&widths, upstream) {
        None => Err(ConfigError::Value {
            path: format!("{path}.upstream"),
            message: format!(
                "expected a tok2vec component before {name} in nlp.pipeline, found none for {upstream:?}"
            ),
        }),
        Some(&width) if width != recognizer.token_width() => Err(ConfigError::Value {
            path: format!("{path}.width"),
            message: format!(
                "expected the width of the tok2vec component, {width}, found {}",
                recognizer.token_width()
            ),
        }),
        Some(_) => Ok(()),
    }
}
