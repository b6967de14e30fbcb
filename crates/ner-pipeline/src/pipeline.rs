use std::borrow::{Borrow, BorrowMut};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Document, Value};
use ner_doc::{Doc, Example};
use ner_files::FileMap;
use ner_model::{EncoderSources, Precision};
use ner_scorer::Scorer;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::components::{ByName, Components, SharedVectors, UpstreamVectors};
use crate::{Component, EntityRecognizer, EntityScore, Meta, PipelineError, SkippedComponent, Supervision};

/// Tokens of a batch that are predicted together: enough to keep the matrix products busy, few enough that a layer's
/// input and output fit into the second cache.
const TOKENS_PER_BATCH: usize = 512;

/// From text to entities: a tokenizer and components that run one after the other.
#[derive(Debug)]
pub struct Pipeline {
    pub(crate) config: Document,
    pub(crate) meta: Meta,
    pub(crate) vocab: Arc<Vocab>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) components: Components,
    /// Files that the pipeline was loaded with and that mean nothing here, to be saved again.
    pub(crate) kept: FileMap,
    /// Components that came with weights from another pipeline.
    pub(crate) sourced: BTreeSet<String>,
    /// Where the pretrained encoders of components come from.
    pub(crate) encoder_sources: HashMap<String, EncoderSources>,
    pub(crate) device: Device,
    /// The dropout rate of the last training, which model files note down.
    pub(crate) dropout_rate: f64,
}

impl Pipeline {
    /// The pipeline that a config describes, without its components.
    pub(crate) fn new(config: Document, lang: &str, mut tokenizer: Tokenizer, device: &Device) -> Pipeline {
        // spaCy: the limit belongs to the pipeline (language.py); the file of a tokenizer knows none.
        tokenizer.set_max_length(Pipeline::MAX_LENGTH);
        Pipeline {
            config,
            meta: Meta::new(lang),
            vocab: tokenizer.vocab().clone(),
            tokenizer,
            components: Components::default(),
            kept: FileMap::new(),
            sourced: BTreeSet::new(),
            encoder_sources: HashMap::new(),
            device: device.clone(),
            dropout_rate: 0.0,
        }
    }

    /// Characters that a text may have unless [`set_max_length`](Pipeline::set_max_length) says otherwise: spaCy's
    /// `nlp.max_length`.
    pub const MAX_LENGTH: usize = 1_000_000;

    /// The config that the pipeline was made from.
    pub fn config(&self) -> &Document {
        &self.config
    }

    /// The config to change. Settings of components have no effect any more: they are made.
    pub fn config_mut(&mut self) -> &mut Document {
        &mut self.config
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

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The tokenizer, to be changed.
    pub fn tokenizer_mut(&mut self) -> &mut Tokenizer {
        &mut self.tokenizer
    }

    /// Refuses texts of more characters, since memory grows with the longest text. Documents that have tokens may be of
    /// any length.
    pub fn set_max_length(&mut self, n_chars: usize) {
        self.tokenizer.set_max_length(n_chars);
    }

    /// The components in the order in which they run, by name.
    pub fn components(&self) -> &IndexMap<String, Box<dyn Component>> {
        &self.components
    }

    /// The names of the components that do not run, in order.
    pub fn disabled(&self) -> impl Iterator<Item = &str> {
        self.components.keys().filter(|name| self.components.disabled.contains(*name)).map(String::as_str)
    }

    /// The components that run, and those that would if they were known here.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = (&str, &dyn Component)> {
        self.components.running()
    }

    /// The components that came with weights from another pipeline, sorted.
    pub fn sourced(&self) -> impl Iterator<Item = &str> {
        self.sourced.iter().map(String::as_str)
    }

    /// Whether the component called `name` is of a kind that is not known here, and does not run.
    pub fn is_skipped(&self, name: &str) -> bool {
        let component = self.components.get(name);
        component.is_some_and(|component| component.downcast_ref::<SkippedComponent>().is_some())
    }

    /// The component whose vectors the one called `name` takes; `None` if it has its own, or none.
    pub fn upstream_of(&self, name: &str) -> Option<&str> {
        self.components.upstream_of(name)
    }

    /// The component with this name, to be changed.
    pub fn component_mut(&mut self, name: &str) -> Option<&mut dyn Component> {
        self.components.get_mut(name).map(|component| &mut **component)
    }

    /// Sets how exactly pretrained encoders multiply in prediction. Other networks know single precision alone.
    pub fn set_precision(&mut self, precision: Precision) {
        let networks = self.components.values_mut().filter_map(|component| component.token_vectors_mut());
        networks.for_each(|network| network.set_precision(precision));
    }

    /// Sets how the states of all transition systems are taught.
    pub fn set_supervision(&mut self, supervision: &Supervision) {
        self.components.values_mut().for_each(|component| component.set_supervision(supervision));
    }

    /// All recognisers, to be changed.
    pub fn recognizers_mut(&mut self) -> impl Iterator<Item = &mut EntityRecognizer> {
        self.components.values_mut().filter_map(|component| component.downcast_mut())
    }

    /// The tokens of a text with the entities that the components find in it.
    pub fn annotate(&self, text: &str) -> Result<Doc, PipelineError> {
        let mut docs = [self.tokenizer.tokenize(text)?];
        self.predict(&mut docs)?;
        let [doc] = docs;
        Ok(doc)
    }

    /// Runs all components on documents that have tokens, on as many threads as there are. What is preset on the
    /// documents is respected.
    ///
    /// # Errors
    /// If a network cannot run on one of the documents.
    pub fn predict<D: BorrowMut<Doc>>(&self, docs: &mut [D]) -> Result<(), PipelineError> {
        let mut docs: Vec<&mut Doc> = docs.iter_mut().map(BorrowMut::borrow_mut).collect();
        // A document without tokens has no row in a tensor, and no entities.
        docs.retain(|doc| !doc.is_empty());
        let mut batches = Vec::new();
        let mut rest = docs.as_mut_slice();
        while !rest.is_empty() {
            let (batch, others) = rest.split_at_mut(batch_size(rest));
            batches.push(batch);
            rest = others;
        }
        // A batch is the work of one thread. Each thread runs all components on it, so its vectors stay in that core's
        // cache.
        let results = batches.into_par_iter().map(|batch| self.predict_batch(batch).map(drop));
        // The error of the first batch that has one, whichever fails first.
        results.collect::<Vec<_>>().into_iter().collect()
    }

    /// Runs all components on a document, and returns how sure the beams of its recognisers are of the entities that
    /// they considered; nothing for recognisers without beam search.
    ///
    /// # Errors
    /// If a network cannot run on the document.
    pub fn predict_with_scores(&self, doc: &mut Doc) -> Result<Vec<EntityScore>, PipelineError> {
        if doc.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.predict_batch(&mut [doc])?.into_iter().flatten().collect())
    }

    /// The documents hold at least one token in all. Returns the entities that each beam considered in each document.
    fn predict_batch(&self, docs: &mut [&mut Doc]) -> Result<Vec<Vec<EntityScore>>, PipelineError> {
        SharedVectors::new(&self.components).run(self.running(), docs)
    }

    /// Annotates the predicted documents that recognisers learn from with those of the components called `names` that
    /// need no training and come before all that find entities.
    pub fn annotate_predicted(&self, examples: &mut [Example], names: &[String]) {
        let mut docs: Vec<&mut Doc> = examples.iter_mut().map(|example| &mut example.predicted).collect();
        self.annotate_untrained(&mut docs, |name| names.iter().any(|other| other == name));
    }

    /// The same for documents, with the components whose names are wanted.
    pub(crate) fn annotate_untrained(&self, docs: &mut [&mut Doc], is_wanted: impl Fn(&str) -> bool) {
        for (name, component) in self.running() {
            if component.finds_entities() {
                return;
            }
            if !component.is_trainable() && is_wanted(name) {
                component.predict(docs, None);
            }
        }
    }

    /// Documents that come together where many are predicted: `nlp.batch_size`.
    pub fn batch_size(&self) -> usize {
        let config = self.config.resolve().ok();
        match config.as_ref().and_then(|config| config.get("nlp.batch_size")) {
            Some(&Value::Integer(size)) if size > 0 => size as usize,
            // spaCy's own default, where a config has none.
            _ => 1000,
        }
    }

    /// How many numbers prediction on documents takes from Python's generator and throws away; see
    /// [`TokenVectors::python_draws`](ner_model::TokenVectors::python_draws).
    pub fn prediction_draws(&self, docs: &[&Doc]) -> usize {
        let batch_size = self.batch_size();
        self.running().map(|(_, component)| component.prediction_draws(docs, batch_size)).sum()
    }

    /// The measures of the predictions of all components that run.
    pub fn scorers(&self) -> impl Iterator<Item = &dyn Scorer> {
        self.running().filter_map(|(_, component)| component.scorer())
    }

    /// The tokens of a document as a recogniser of this pipeline sees them: their vectors, projected to the width of its
    /// state layer, row by row.
    pub fn projected_tokens(&self, recognizer: &EntityRecognizer, doc: &Doc) -> Vec<f32> {
        let mut shared: ByName<'_, UpstreamVectors<'_>> = ByName::new();
        for (name, component) in self.components.iter().filter(|(_, component)| component.shares_vectors()) {
            let network = component.token_vectors().expect("a component that shares vectors has some");
            shared.insert(name, UpstreamVectors::Network(network));
        }
        let upstream = recognizer.listener().and_then(|listener| shared.find(&listener.upstream));
        recognizer.scorer(&[doc], upstream.map(|(_, vectors)| vectors)).projected_tokens().to_vec()
    }
}

/// How many of the first documents are predicted together.
pub(crate) fn batch_size<D: Borrow<Doc>>(docs: &[D]) -> usize {
    let mut n_tokens = 0;
    let fits = |doc: &&D| {
        n_tokens += (**doc).borrow().len();
        n_tokens <= TOKENS_PER_BATCH
    };
    // No document is cut, since its states see tokens on both sides: one that is longer is a batch of its own.
    docs.iter().take_while(fits).count().max(1)
}
