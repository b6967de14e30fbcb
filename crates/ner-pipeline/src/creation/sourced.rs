//! Components that a new pipeline takes from other pipelines, weights included.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, NlpConfig, Registry, ResolvedConfig, Table, Value};
use ner_files::FileMap;
use ner_vocab::{Vectors, Vocab};
use serde::Deserialize;

use super::own_vectors::{check_place, with_own_vectors};
use crate::assembly::unknown_factory;
use crate::components::SkippedComponent;
use crate::registrations::COPY_FROM_BASE_MODEL;
use crate::storage::{PipelineFiles, VocabFiles, read_json};
use crate::{Component, LoadOptions, Pipeline, PipelineError};

/// The components that have a source, and the config that describes them in place of the sources.
#[derive(Debug)]
pub(super) struct Sourced {
    pub(super) components: IndexMap<String, Box<dyn Component>>,
    config: Document,
    /// The other pipelines.
    sources: BTreeSet<String>,
    /// Files of components that are not known here.
    pub(super) kept: FileMap,
    /// Labels of components that are not known here.
    pub(super) labels: serde_json::Map<String, serde_json::Value>,
}

/// A block of a component that names a source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    /// The other pipeline.
    source: String,
    /// The component's name there.
    component: Option<String>,
    /// Places of the component's model that get the vectors' network itself, in place of a listener.
    #[serde(default)]
    replace_listeners: Vec<String>,
}

/// A component that was taken out of its pipeline.
struct Taken {
    component: Box<dyn Component>,
    settings: Table,
    vocab: Arc<Vocab>,
    /// The files of its pipeline that nobody has read.
    files: FileMap,
    /// Its labels, unless it knows them itself.
    labels: Option<serde_json::Value>,
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
            sources: BTreeSet::new(),
            kept: FileMap::new(),
            labels: serde_json::Map::new(),
        };
        let pipeline = resolved.section::<NlpConfig>("nlp")?.pipeline;
        for name in &pipeline {
            let block = resolved.block(&format!("components.{name}"))?;
            if block.table().contains_key("source") {
                let source: Source = block.read()?;
                let taken = take_one(&source, name, &block, registry, device)?;
                check_upstream(&*taken.component, &block, &pipeline)?;
                sourced.add(name, &source, taken, vocab);
            }
        }
        Ok(sourced)
    }

    fn add(&mut self, name: &str, source: &Source, taken: Taken, vocab: &Vocab) {
        let is_new = self.sources.insert(source.source.clone());
        if is_new && !are_norms_in(&taken.vocab, vocab) {
            tracing::warn!(
                "{0:?} has a table of norms that this pipeline lacks, so that its components see some words in another \
                 way; give initialize.before_init {COPY_FROM_BASE_MODEL:?} with vocab = {0:?}.",
                source.source
            );
        }
        warn_of_other_vectors(name, &source.source, &taken, vocab);
        // spaCy: all strings of the other pipeline, since nothing says which ones the component needs (language.py).
        for string in taken.vocab.strings().to_vec() {
            vocab.strings().add(&string);
        }
        self.keep_files(taken.files, source.name_there(name), name);
        self.labels.extend(taken.labels.map(|labels| (name.to_owned(), labels)));
        self.config.set(&format!("components.{name}"), taken.settings);
        self.components.insert(name.to_owned(), taken.component);
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
        let mut config = self.config.clone();
        config
            .set("components", known.iter().filter_map(|name| block(&self.config, name)).collect::<Table>());
        config.set("nlp.pipeline", known);
        let mut complete = config.fill(registry)?;
        let blocks = pipeline
            .iter()
            .filter_map(|name| block(if self.is_skipped(name) { &self.config } else { &complete }, name));
        let blocks: Table = blocks.collect();
        complete.set("components", blocks);
        complete.set("nlp.pipeline", self.config.get("nlp.pipeline").cloned().unwrap_or(Value::Null));
        Ok(complete)
    }

    fn is_skipped(&self, name: &str) -> bool {
        self.components.get(name).is_some_and(|component| is_skipped(&**component))
    }
}

impl Source {
    /// The name in its pipeline of the component that is `name` here.
    fn name_there<'a>(&'a self, name: &'a str) -> &'a str {
        self.component.as_deref().unwrap_or(name)
    }
}

fn is_skipped(component: &dyn Component) -> bool {
    component.downcast_ref::<SkippedComponent>().is_some()
}

fn take_one(
    source: &Source,
    name: &str,
    block: &Block,
    registry: &Registry,
    device: &Device,
) -> Result<Taken, PipelineError> {
    let in_source = |error: PipelineError| wrong(block, "source", error.to_string());
    let files = PipelineFiles::open(Path::new(&source.source)).map_err(in_source)?;
    let config = files.config().and_then(|config| Ok(config.resolve()?)).map_err(in_source)?;
    let nlp: NlpConfig = config.section("nlp").map_err(|error| in_source(error.into()))?;
    let their_name = source.name_there(name);
    if !nlp.pipeline.iter().any(|other| other == their_name) {
        let known = nlp.pipeline.join(", ");
        let message = format!("{} has no component {their_name}; it has {known}", source.source);
        return Err(wrong(block, "source", message).into());
    }
    let settings =
        config.block(&format!("components.{their_name}")).map_err(|error| in_source(error.into()))?;
    match unknown_factory(&settings, registry) {
        None => take_known(source, their_name, files, block, registry, device),
        Some(factory) if source.replace_listeners.is_empty() => {
            take_skipped(factory, their_name, files, &nlp.lang, settings.table())
                .map_err(|error| in_source(error).into())
        }
        Some(factory) => {
            let message = format!(
                "expected nothing, since {factory} is not known here and stays as it is; freeze the component whose \
                 vectors it takes instead"
            );
            Err(wrong(block, "replace_listeners", message).into())
        }
    }
}

/// A component with its weights.
fn take_known(
    source: &Source,
    their_name: &str,
    files: PipelineFiles,
    block: &Block,
    registry: &Registry,
    device: &Device,
) -> Result<Taken, PipelineError> {
    let mut pipeline =
        load(files, registry, device).map_err(|error| wrong(block, "source", error.to_string()))?;
    let mut settings = pipeline.config.resolve()?.block(&format!("components.{their_name}"))?;
    let mut replaced = None;
    if !source.replace_listeners.is_empty() {
        check_place(&source.replace_listeners, block)?;
        if let Some((block, component)) = with_own_vectors(&mut pipeline, their_name, registry)? {
            (settings, replaced) = (block, Some(component));
        }
    }
    let component = pipeline.components.shift_remove(their_name).expect("the pipeline's config names it");
    Ok(Taken {
        component: replaced.unwrap_or(component),
        settings: settings.table().clone(),
        vocab: pipeline.vocab,
        files: pipeline.kept,
        labels: None,
    })
}

/// A component of a kind `factory` that is not known here, with all its files.
fn take_skipped(
    factory: &str,
    their_name: &str,
    mut files: PipelineFiles,
    lang: &str,
    settings: &Table,
) -> Result<Taken, PipelineError> {
    let meta = read_json(&mut files, "meta.json")?;
    Ok(Taken {
        component: Box::new(SkippedComponent::new(factory, settings)),
        settings: settings.clone(),
        vocab: Arc::new(VocabFiles::take(&mut files, lang)?.read()?),
        files: files.take_all(|path| path.starts_with(their_name))?,
        labels: meta.get("labels").and_then(|labels| labels.get(their_name)).cloned(),
    })
}

fn wrong(block: &Block, key: &str, message: String) -> ConfigError {
    ConfigError::Value { path: format!("{}.{key}", block.path()), message }
}

/// Opens a pipeline, without components that are not known.
fn load(files: PipelineFiles, registry: &Registry, device: &Device) -> Result<Pipeline, PipelineError> {
    let config = files.config()?.resolve()?;
    let is_unknown = |name: &String| {
        let block = config.block(&format!("components.{name}"));
        block.is_ok_and(|block| unknown_factory(&block, registry).is_some())
    };
    let exclude = config.section::<NlpConfig>("nlp")?.pipeline.into_iter().filter(is_unknown).collect();
    Pipeline::from_files(files, &LoadOptions { exclude, ..LoadOptions::default() }, registry, device)
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

/// Whether a vocabulary knows the norms of another one.
fn are_norms_in(theirs: &Vocab, ours: &Vocab) -> bool {
    let ours: BTreeMap<_, _> = ours.lexeme_norms().collect();
    theirs.lexeme_norms().all(|(word, norm)| ours.get(&word) == Some(&norm))
}

fn are_equal(left: &Vectors, right: &Vectors) -> bool {
    left.width() == right.width() && left.data() == right.data() && left.keys().eq(right.keys())
}
