//! Components that a new pipeline takes from other pipelines, weights included.

use std::path::Path;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, NlpConfig, Registry, ResolvedConfig};
use ner_vocab::{Vectors, Vocab};
use serde::Deserialize;

use super::base_model::find;
use super::own_vectors::{check_place, with_own_vectors};
use crate::assembly::unknown_factory;
use ner_files::FileMap;

use crate::storage::PipelineFiles;
use crate::{Component, LoadOptions, Pipeline, PipelineError};

/// The components that have a source, and the config that describes them in place of the sources.
#[derive(Debug)]
pub(super) struct Sourced {
    pub(super) components: IndexMap<String, Box<dyn Component>>,
    pub(super) config: Document,
    /// Files of components that are not known here.
    pub(super) kept: FileMap,
}

/// A block of a component that names a source.
#[derive(Debug, Deserialize)]
struct Source {
    /// The other pipeline.
    source: String,
    /// The component's name there.
    component: Option<String>,
    /// Places of the component's model that get the vectors' network itself, in place of a listener.
    #[serde(default)]
    replace_listeners: Vec<String>,
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
        let mut sourced =
            Sourced { components: IndexMap::new(), config: config.clone(), kept: FileMap::new() };
        for name in resolved.section::<NlpConfig>("nlp")?.pipeline {
            let block = resolved.block(&format!("components.{name}"))?;
            if block.table().contains_key("source") {
                sourced.take_one(&name, &block, vocab, registry, device)?;
            }
        }
        Ok(sourced)
    }

    fn take_one(
        &mut self,
        name: &str,
        block: &Block,
        vocab: &Vocab,
        registry: &Registry,
        device: &Device,
    ) -> Result<(), PipelineError> {
        let source: Source = block.read()?;
        let their_name = source.component.as_deref().unwrap_or(name);
        let place = find(&format!("{}.source", block.path()), Path::new(&source.source), registry)?;
        let mut pipeline =
            load(&place, their_name, registry, device).map_err(|error| wrong(block, error.to_string()))?;
        let Some(index) = pipeline.components.get_index_of(their_name) else {
            let known = names_in(&pipeline);
            let message = format!("{} has no component {their_name}; it has {known}", source.source);
            return Err(wrong(block, message).into());
        };
        let mut settings = pipeline.config.resolve()?.block(&format!("components.{their_name}"))?;
        if !source.replace_listeners.is_empty() {
            check_place(&source.replace_listeners, block)?;
            if let Some((block, component)) = with_own_vectors(&mut pipeline, their_name, registry)? {
                pipeline.components[index] = component;
                settings = block;
            }
        }
        warn_of_other_vectors(name, &source.source, &*pipeline.components[index], [pipeline.vocab(), vocab]);
        // spaCy: all strings of the other pipeline, since nothing says which ones the component needs (language.py).
        for string in pipeline.vocab.strings().to_vec() {
            vocab.strings().add(&string);
        }
        self.keep_files(std::mem::take(&mut pipeline.kept), their_name, name);
        self.config.set(&format!("components.{name}"), settings.table().clone());
        let (_, component) =
            pipeline.components.shift_remove_index(index).expect("the index was found above");
        self.components.insert(name.to_owned(), component);
        Ok(())
    }

    /// Keeps the files of a component that has another name here.
    fn keep_files(&mut self, files: FileMap, their_name: &str, name: &str) {
        self.kept.extend(files.into_iter().filter_map(|(path, bytes)| {
            let rest = path.strip_prefix(their_name)?;
            // A folder with the component's name, or a file as sentencizers have it.
            (rest.starts_with('/') || rest == ".json").then(|| (format!("{name}{rest}"), bytes))
        }));
    }
}

fn wrong(block: &Block, message: String) -> ConfigError {
    ConfigError::Value { path: format!("{}.source", block.path()), message }
}

/// All components of a pipeline's config, those that were left out included.
fn names_in(pipeline: &Pipeline) -> String {
    let config = pipeline.config.resolve().ok();
    let nlp = config.and_then(|config| config.section::<NlpConfig>("nlp").ok());
    nlp.map(|nlp| nlp.pipeline.join(", ")).unwrap_or_default()
}

/// Opens a pipeline, without components that are neither wanted nor known.
fn load(path: &Path, wanted: &str, registry: &Registry, device: &Device) -> Result<Pipeline, PipelineError> {
    let files = PipelineFiles::open(path)?;
    let config = files.config()?.resolve()?;
    let is_unwanted = |name: &String| {
        let block = config.block(&format!("components.{name}"));
        name != wanted && block.is_ok_and(|block| unknown_factory(&block, registry).is_some())
    };
    let exclude = config.section::<NlpConfig>("nlp")?.pipeline.into_iter().filter(is_unwanted).collect();
    Pipeline::from_files(files, &LoadOptions { exclude, ..LoadOptions::default() }, registry, device)
}

/// Warns if a component that computes its own token vectors was trained with other static vectors.
fn warn_of_other_vectors(name: &str, source: &str, component: &dyn Component, [theirs, ours]: [&Vocab; 2]) {
    let has_own = component.finds_entities() && component.listener().is_none();
    if has_own && !are_equal(theirs.vectors(), ours.vectors()) {
        tracing::warn!("{name:?} of {source:?} was trained with other word vectors than this pipeline has.");
    }
}

fn are_equal(left: &Vectors, right: &Vectors) -> bool {
    left.width() == right.width() && left.data() == right.data() && left.keys().eq(right.keys())
}
