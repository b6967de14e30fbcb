use std::borrow::BorrowMut;
use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, Kind, Registry};
use ner_doc::{Doc, Example, Vocab};
use ner_layers::{Init, Mode, to_vec};
use ner_tokenizer::Tokenizer;
use ner_transitions::Actions;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Deserialize;

use crate::base_model::BaseModel;
use crate::beam::EntityScore;
use crate::component::Component;
use crate::entity_recognizer::EntityRecognizer;
use crate::factories::{ComponentRecipe, RuleTokenizer};
use crate::files::FileMap;
use crate::skipped_component::SkippedComponent;
use crate::sourced::Sourced;
use crate::tok2vec_component::Tok2VecComponent;
use crate::{LoadOptions, Meta, PipelineError};

/// Tokens of a batch that are predicted together: enough to keep the matrix products busy, few enough that a layer's
/// input and output fit into the second cache.
const TOKENS_PER_BATCH: usize = 512;

/// From text to entities: a tokeniser and components that run one after the other.
#[derive(Debug)]
pub struct Pipeline {
    pub(crate) config: Document,
    pub(crate) meta: Meta,
    pub(crate) vocab: Arc<Vocab>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) components: IndexMap<String, Component>,
    /// Components that do not run.
    pub(crate) disabled: BTreeSet<String>,
    /// Files that the pipeline was loaded with and that mean nothing here, to be saved again.
    pub(crate) kept: FileMap,
    /// Components that came with weights from another pipeline.
    pub(crate) sourced: BTreeSet<String>,
    pub(crate) device: Device,
    /// The dropout rate of the last training, which model files note down.
    pub(crate) dropout_rate: f64,
}

/// The section `[nlp]`, as far as a pipeline needs it.
#[derive(Debug, Deserialize)]
pub(crate) struct Nlp {
    pub(crate) lang: String,
    pub(crate) pipeline: Vec<String>,
    #[serde(default)]
    disabled: Vec<String>,
    pub(crate) tokenizer: Option<Block>,
    before_creation: Option<Block>,
    after_creation: Option<Block>,
    after_pipeline_creation: Option<Block>,
}

impl Pipeline {
    /// Characters that a text may have unless [`set_max_length`](Pipeline::set_max_length) says otherwise: spaCy's
    /// `nlp.max_length`.
    pub const MAX_LENGTH: usize = 1_000_000;

    /// The pipeline of a config, with weights and labels still to come. English has its tokeniser built in; that of
    /// other languages comes from a pipeline that `[initialize.before_init]` names, and static vectors come from the one
    /// that `initialize.vectors` names.
    pub fn from_config(
        config: &Document,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        let interpolated = config.interpolate()?;
        let lang = interpolated.section::<Nlp>("nlp")?.lang;
        let base = BaseModel::of(&interpolated, registry)?;
        let (vocab, kept) = base.vocab(&lang)?;
        let sourced = Sourced::take(config, &vocab, registry, device)?;
        let tokenizer = base.tokenizer(Arc::new(vocab))?;
        let options = LoadOptions { strict: true, ..LoadOptions::default() };
        let names: BTreeSet<String> = sourced.components.keys().cloned().collect();
        let is_known = |component: &Component| !matches!(component, Component::Skipped(_));
        // What was taken has settings of its own, down to the weights of its scores.
        let config = match !names.is_empty() && sourced.components.values().all(is_known) {
            true => sourced.config.fill(registry)?,
            false => sourced.config,
        };
        let mut pipeline =
            Pipeline::assemble(&config, registry, device, tokenizer, &options, sourced.components)?;
        pipeline.kept.extend(kept.into_iter().chain(sourced.kept));
        pipeline.sourced = names;
        Ok(pipeline)
    }

    /// The pipeline of a config with a tokeniser of its own, and with components that are `made` already.
    pub(crate) fn assemble(
        config: &Document,
        registry: &Registry,
        device: &Device,
        mut tokenizer: Tokenizer,
        options: &LoadOptions,
        mut made: IndexMap<String, Component>,
    ) -> Result<Pipeline, PipelineError> {
        tokenizer.set_max_length(Pipeline::MAX_LENGTH);
        let interpolated = config.interpolate()?;
        let nlp: Nlp = interpolated.section("nlp")?;
        if let Some(block) = nlp.tokenizer.as_ref().filter(|_| !tokenizer.is_elsewhere()) {
            registry.build::<RuleTokenizer>(Kind::Tokenizers, block)?;
        }
        nlp.warn_of_callbacks();
        let loaded = options.loaded(&nlp.pipeline);
        let disabled = options.disabled(&loaded, &nlp.disabled)?;
        let mut components = IndexMap::new();
        for name in &loaded {
            let block = interpolated.block(&format!("components.{name}"))?;
            let may_skip = !options.strict || disabled.contains(name);
            let unknown = unknown_factory(&block, registry).filter(|_| may_skip);
            let component = match (made.shift_remove(name), unknown) {
                (Some(component), _) => component,
                (None, Some(factory)) => Component::Skipped(SkippedComponent::new(factory)),
                (None, None) => {
                    let width = tokenizer.vocab().vectors().width();
                    let mut init = Init::zeros(device).with_vector_width(width);
                    make(registry.build(Kind::Factories, &block)?, &mut init)
                }
            };
            check_upstream(name, &component, &components, &disabled)?;
            components.insert(name.clone(), component);
        }
        let pipeline = Pipeline {
            config: config.clone(),
            meta: Meta::new(&nlp.lang),
            vocab: tokenizer.vocab().clone(),
            tokenizer,
            components,
            disabled,
            kept: FileMap::new(),
            sourced: BTreeSet::new(),
            device: device.clone(),
            dropout_rate: 0.0,
        };
        pipeline.warn_of_skipped();
        Ok(pipeline)
    }

    /// Tells of each component that would run if it were known here, and what that may change.
    fn warn_of_skipped(&self) {
        let is_recognizer = |component: &Component| matches!(component, Component::EntityRecognizer(_));
        let recognizers = self.running().enumerate().filter(|(_, (_, component))| is_recognizer(component));
        let last = recognizers.map(|(index, _)| index).last();
        for (index, (name, component)) in self.running().enumerate() {
            if let Component::Skipped(skipped) = component {
                let (factory, effect) =
                    (skipped.factory(), skipped.effect(last.is_some_and(|last| index < last)));
                tracing::warn!(
                    "The component {name:?} ({factory}) is not known here and is skipped: {effect}."
                );
            }
        }
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

    /// Refuses texts of more characters, since memory grows with the longest text. Documents that have tokens may be of
    /// any length.
    pub fn set_max_length(&mut self, n_chars: usize) {
        self.tokenizer.set_max_length(n_chars);
    }

    /// The components in the order in which they run, by name.
    pub fn components(&self) -> &IndexMap<String, Component> {
        &self.components
    }

    /// The names of the components that do not run, in order.
    pub fn disabled(&self) -> impl Iterator<Item = &str> {
        self.components.keys().filter(|name| self.disabled.contains(*name)).map(String::as_str)
    }

    /// The components that run, and those that would if they were known here.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = (&String, &Component)> {
        self.components.iter().filter(|(name, _)| !self.disabled.contains(*name))
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

    /// Runs all components on documents that have tokens, on as many threads as there are. What is preset on the
    /// documents is respected.
    pub fn predict<D: BorrowMut<Doc>>(&self, docs: &mut [D]) {
        let mut docs: Vec<&mut Doc> = docs.iter_mut().map(BorrowMut::borrow_mut).collect();
        docs.retain(|doc| !doc.is_empty());
        let mut batches = Vec::new();
        let mut rest = docs.as_mut_slice();
        while !rest.is_empty() {
            let (batch, others) = rest.split_at_mut(batch_size(rest));
            batches.push(batch);
            rest = others;
        }
        batches.into_par_iter().for_each(|batch| drop(self.predict_batch(batch)));
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
        for (name, component) in self.running() {
            match component {
                Component::Tok2Vec(tok2vec) => {
                    let docs: Vec<&Doc> = docs.iter().map(|doc| &**doc).collect();
                    vectors.insert(name, tok2vec.forward(&docs, &mut Mode::Predict));
                }
                Component::EntityRecognizer(recognizer) => {
                    let upstream = recognizer.upstream().and_then(|name| find_upstream(&vectors, name));
                    scores.extend(recognizer.predict(docs, upstream).into_iter().flatten());
                }
                Component::Sentencizer(sentencizer) => {
                    docs.iter_mut().for_each(|doc| sentencizer.annotate(doc));
                }
                Component::Skipped(_) => {}
            }
        }
        scores
    }

    /// Lets components annotate the predicted documents that recognisers learn from: those of the `names` that find
    /// sentences and come before all recognisers.
    pub fn annotate_predicted(&self, examples: &mut [Example], names: &[String]) {
        for (name, component) in self.running() {
            match component {
                Component::Sentencizer(sentencizer) if names.contains(name) => {
                    examples.iter_mut().for_each(|example| sentencizer.annotate(&mut example.predicted));
                }
                Component::EntityRecognizer(_) => return,
                _ => {}
            }
        }
    }

    /// Whether a component that runs finds sentences.
    pub fn finds_sentences(&self) -> bool {
        self.running().any(|(_, component)| matches!(component, Component::Sentencizer(_)))
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

pub(crate) fn make(recipe: ComponentRecipe, init: &mut Init<'_>) -> Component {
    match recipe {
        ComponentRecipe::Tok2Vec(recipe) => Component::Tok2Vec(Tok2VecComponent::new(recipe, init)),
        ComponentRecipe::EntityRecognizer(settings, architecture) => {
            let actions = Actions::without_labels();
            let recognizer = EntityRecognizer::new(settings, architecture, actions, init);
            Component::EntityRecognizer(Box::new(recognizer))
        }
        ComponentRecipe::Sentencizer(sentencizer) => Component::Sentencizer(sentencizer),
    }
}

impl Nlp {
    /// Code that spaCy would run around the making of a pipeline does not run here.
    fn warn_of_callbacks(&self) {
        for (key, callback) in [
            ("before_creation", &self.before_creation),
            ("after_creation", &self.after_creation),
            ("after_pipeline_creation", &self.after_pipeline_creation),
        ] {
            if let Some((_, name)) = callback.as_ref().and_then(Block::named) {
                tracing::warn!(
                    "nlp.{key}: {name:?} is code of Python and does not run here; it may change anything."
                );
            }
        }
    }
}

/// Whether the rules of a file make the tokeniser that a block names.
pub(crate) fn is_registered_tokenizer(block: &Block, registry: &Registry) -> bool {
    block.named().is_none_or(|(kind, name)| registry.get(kind, name).is_some())
}

/// The factory of a component, if it is not known here.
pub(crate) fn unknown_factory<'a>(block: &'a Block, registry: &Registry) -> Option<&'a str> {
    let factory = block.table().get(Kind::Factories.key())?.as_str()?;
    registry.get(Kind::Factories, factory).is_none().then_some(factory)
}

/// A listener needs a component before it that has vectors of the right length, and runs if the listener does.
fn check_upstream(
    name: &str,
    component: &Component,
    before: &IndexMap<String, Component>,
    disabled: &BTreeSet<String>,
) -> Result<(), ConfigError> {
    let Component::EntityRecognizer(recognizer) = component else { return Ok(()) };
    let Some(upstream) = recognizer.upstream() else { return Ok(()) };
    let is_off = |other: &str| disabled.contains(other) && !disabled.contains(name);
    let widths: IndexMap<&str, usize> = before
        .iter()
        .filter_map(|(name, component)| match component {
            Component::Tok2Vec(tok2vec) if !is_off(name) => Some((name.as_str(), tok2vec.model.width())),
            _ => None,
        })
        .collect();
    let wrong = |key: &str, message: String| {
        Err(ConfigError::Value { path: format!("components.{name}.model.tok2vec.{key}"), message })
    };
    let is_tok2vec = |component: &Component| matches!(component, Component::Tok2Vec(_));
    let meant = match upstream {
        "*" => before.iter().rfind(|(_, component)| is_tok2vec(component)),
        upstream => before.get_key_value(upstream),
    };
    match (find_upstream(&widths, upstream), meant) {
        (None, Some((other, Component::Skipped(skipped)))) => wrong(
            "upstream",
            format!(
                "{name} takes its vectors from {other}, a component of a kind that is not known here ({})",
                skipped.factory()
            ),
        ),
        (None, Some((other, Component::Tok2Vec(_)))) => wrong(
            "upstream",
            format!("{name} takes its vectors from {other}, which is disabled; disable both or none"),
        ),
        (None, _) => wrong(
            "upstream",
            format!(
                "expected a tok2vec component before {name} in nlp.pipeline, found none for {upstream:?}"
            ),
        ),
        (Some(&width), _) if width != recognizer.token_width() => wrong(
            "width",
            format!(
                "expected the width of the tok2vec component, {width}, found {}",
                recognizer.token_width()
            ),
        ),
        (Some(_), _) => Ok(()),
    }
}
