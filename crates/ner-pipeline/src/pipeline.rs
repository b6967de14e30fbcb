use std::borrow::BorrowMut;
use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use indexmap::IndexMap;
use ner_config::Document;
use ner_doc::{Doc, Example};
use ner_files::FileMap;
use ner_layers::Mode;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::components::component::Component;
use crate::components::ordered::Components;
use crate::recognizer::beam::EntityScore;
use crate::recognizer::entity_recognizer::EntityRecognizer;
use crate::{Meta, PipelineError};

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
    pub(crate) components: Components,
    /// Files that the pipeline was loaded with and that mean nothing here, to be saved again.
    pub(crate) kept: FileMap,
    /// Components that came with weights from another pipeline.
    pub(crate) sourced: BTreeSet<String>,
    pub(crate) device: Device,
    /// The dropout rate of the last training, which model files note down.
    pub(crate) dropout_rate: f64,
}

impl Pipeline {
    /// Characters that a text may have unless [`set_max_length`](Pipeline::set_max_length) says otherwise: spaCy's
    /// `nlp.max_length`.
    pub const MAX_LENGTH: usize = 1_000_000;

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
        self.components.keys().filter(|name| self.components.disabled.contains(*name)).map(String::as_str)
    }

    /// The components that run, and those that would if they were known here.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = (&String, &Component)> {
        self.components.running()
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
        let heard = self.components.heard();
        for (name, component) in self.running() {
            match component {
                // Its vectors are for components that are not here.
                Component::Tok2Vec(_) if !heard.contains(name.as_str()) => {}
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
        for (name, component) in self.components.iter() {
            if let Component::Tok2Vec(tok2vec) = component {
                vectors.insert(name, tok2vec.forward(&[doc], &mut Mode::Predict));
            }
        }
        let upstream = recognizer.upstream().and_then(|name| find_upstream(&vectors, name));
        recognizer.scorer(&[doc], upstream).projected_tokens().to_vec()
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
