//! Components that a new pipeline takes from other pipelines, weights included.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, NlpConfig, Registry, ResolvedConfig, Table, Value};
use ner_files::FileMap;
use ner_vocab::{Vectors, Vocab};

use super::origin::{Origin, Taken, wrong};
use crate::components::SkippedComponent;
use crate::registrations::COPY_FROM_BASE_MODEL;
use crate::{Component, PipelineError};

/// The components that have a source, and the config that describes them in place of the sources.
#[derive(Debug)]
pub(super) struct Sourced {
    pub(super) components: IndexMap<String, Box<dyn Component>>,
    config: Document,
    /// The vocabularies of the other pipelines, by these.
    vocabs: BTreeMap<String, Arc<Vocab>>,
    /// Files of components that are not known here.
    pub(super) kept: FileMap,
    /// Labels of components that are not known here.
    pub(super) labels: serde_json::Map<String, serde_json::Value>,
}

impl Sourced {
    /// Takes all components with a source out of their pipelines. `vocab` gets the strings of these.
    pub(super) fn take(
        config: &Document,
        resolved: &ResolvedConfig,
        vocab: &Vocab,
        registry: &Registry,
        device: &Device,
    ) -> Result<Sourced, PipelineError> {
        let mut sourced = Sourced {
            components: IndexMap::new(),
            config: config.clone(),
            vocabs: BTreeMap::new(),
            kept: FileMap::new(),
            labels: serde_json::Map::new(),
        };
        let pipeline = resolved.section::<NlpConfig>("nlp")?.pipeline;
        for name in &pipeline {
            let block = resolved.block(&format!("components.{name}"))?;
            if block.table().contains_key("source") {
                let origin = Origin::open(name, &block, registry)?;
                let source = origin.pipeline().to_owned();
                let taken = origin.take(sourced.vocabs.get(&source), registry, device)?;
                check_upstream(&*taken.component, &block, &pipeline)?;
                sourced.add(name, source, taken, vocab);
            }
        }
        Ok(sourced)
    }

    fn add(&mut self, name: &str, source: String, taken: Taken, vocab: &Vocab) {
        warn_of_other_vectors(name, &source, &taken, vocab);
        self.keep_files(taken.files, &taken.their_name, name);
        self.labels.extend(taken.labels.map(|labels| (name.to_owned(), labels)));
        self.config.set(&format!("components.{name}"), taken.settings);
        self.components.insert(name.to_owned(), taken.component);
        if self.vocabs.insert(source.clone(), taken.vocab.clone()).is_none() {
            warn_of_lost_norms(&source, &taken.vocab, vocab);
            // spaCy: all strings of the other pipeline, since nothing says which ones a component needs (language.py).
            for string in taken.vocab.strings().to_vec() {
                vocab.strings().add(&string);
            }
        }
    }

    /// Keeps the files of a component that has another name here.
    fn keep_files(&mut self, files: FileMap, their_name: &str, name: &str) {
        self.kept.extend(files.into_iter().filter_map(|(path, bytes)| {
            let rest = path.strip_prefix(their_name)?;
            // A folder with the component's name, or a file as sentencizers have it.
            (rest.starts_with('/') || rest == ".json").then(|| (format!("{name}{rest}"), bytes))
        }));
    }

    /// The config with the defaults of what was taken, down to the weights of its scores; `pipeline` names all components.
    pub(super) fn complete_config(
        &self,
        pipeline: &[String],
        registry: &Registry,
    ) -> Result<Document, ConfigError> {
        if self.components.is_empty() {
            return Ok(self.config.clone());
        }
        let block = |config: &Document, name: &String| {
            config.get(&format!("components.{name}")).map(|block| (name.clone(), block.clone()))
        };
        // The blocks of what is not known here are complete. They are left out meanwhile, since nothing can fill them.
        let known: Vec<String> = pipeline.iter().filter(|name| !self.is_skipped(name)).cloned().collect();
        let blocks: Table = known.iter().filter_map(|name| block(&self.config, name)).collect();
        let mut config = self.config.clone();
        config.set("components", blocks);
        config.set("nlp.pipeline", known);
        let mut complete = config.fill(registry)?;
        let holder = |name: &String| if self.is_skipped(name) { &self.config } else { &complete };
        let blocks: Table = pipeline.iter().filter_map(|name| block(holder(name), name)).collect();
        complete.set("components", blocks);
        complete.set("nlp.pipeline", self.config.get("nlp.pipeline").cloned().unwrap_or(Value::Null));
        Ok(complete)
    }

    fn is_skipped(&self, name: &str) -> bool {
        let component = self.components.get(name);
        component.is_some_and(|component| component.downcast_ref::<SkippedComponent>().is_some())
    }
}

/// Fails if a component that is not known here takes its vectors from one that is not in the new pipeline.
fn check_upstream(component: &dyn Component, block: &Block, pipeline: &[String]) -> Result<(), ConfigError> {
    let upstream = component.downcast_ref::<SkippedComponent>().and_then(SkippedComponent::upstream);
    match upstream.filter(|upstream| *upstream != "*" && !pipeline.iter().any(|name| name == upstream)) {
        None => Ok(()),
        Some(upstream) => {
            let message = format!(
                "the component takes its vectors from {upstream:?}, which nlp.pipeline lacks; add it with the same source"
            );
            Err(wrong(block, "source", message))
        }
    }
}

/// Warns if a pipeline has a table of norms that this one lacks.
fn warn_of_lost_norms(source: &str, theirs: &Vocab, ours: &Vocab) {
    let ours: BTreeMap<_, _> = ours.lexeme_norms().collect();
    if theirs.lexeme_norms().any(|(word, norm)| ours.get(&word) != Some(&norm)) {
        tracing::warn!(
            "{source:?} has a table of words' norms (vocab/lookups.bin), with which its components were trained, and \
             this pipeline has not. To take its vocabulary, give initialize.before_init the function \
             {COPY_FROM_BASE_MODEL:?} and vocab = {source:?}."
        );
    }
}

/// Warns if a component that computes its own token vectors was trained with other static vectors.
fn warn_of_other_vectors(name: &str, source: &str, taken: &Taken, vocab: &Vocab) {
    let has_own = match taken.component.downcast_ref::<SkippedComponent>() {
        // Whether its model reads static vectors is not known here.
        Some(skipped) => {
            skipped.upstream().is_none() && matches!(taken.settings.get("model"), Some(Value::Table(_)))
        }
        None => taken.component.finds_entities() && taken.component.listener().is_none(),
    };
    if has_own && !are_equal(taken.vocab.vectors(), vocab.vectors()) {
        tracing::warn!("{name:?} of {source:?} was trained with other word vectors than this pipeline has.");
    }
}

fn are_equal(left: &Vectors, right: &Vectors) -> bool {
    left.width() == right.width() && left.data() == right.data() && left.keys().eq(right.keys())
}
