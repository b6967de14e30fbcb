//! Components that a new pipeline takes from other pipelines, weights included.

use std::path::Path;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, Kind, Registry, Value};
use ner_files::FileMap;
use ner_layers::Init;
use ner_thinc::Array;
use ner_vocab::{Vectors, Vocab};
use serde::Deserialize;

use crate::assembly::assemble::{Nlp, unknown_factory};
use crate::components::component::Component;
use crate::components::factories::ComponentRecipe;
use crate::pipeline::{Pipeline, find_upstream};
use crate::recognizer::entity_recognizer::EntityRecognizer;
use crate::storage::files::PipelineFiles;
use crate::{LoadOptions, PipelineError};

/// What was taken, and the config that describes it in place of the sources.
#[derive(Debug, Default)]
pub(crate) struct Sourced {
    pub(crate) components: IndexMap<String, Component>,
    pub(crate) config: Document,
    /// Files of components that are not known here.
    pub(crate) kept: FileMap,
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

/// The place of a recogniser's listener.
const LISTENER: &str = "model.tok2vec";

impl Sourced {
    /// Takes all components with a source out of their pipelines. `vocab` gets the strings of these.
    pub(crate) fn take(
        config: &Document,
        vocab: &Vocab,
        registry: &Registry,
        device: &Device,
    ) -> Result<Sourced, PipelineError> {
        let interpolated = config.resolve()?;
        let mut sourced = Sourced { config: config.clone(), ..Sourced::default() };
        for name in interpolated.section::<Nlp>("nlp")?.pipeline {
            let block = interpolated.block(&format!("components.{name}"))?;
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
        let wrong = |key: &str, message: String| ConfigError::Value {
            path: format!("{}.{key}", block.path()),
            message,
        };
        let mut pipeline = load(Path::new(&source.source), their_name, registry, device)
            .map_err(|error| wrong("source", error.to_string()))?;
        let mut settings = pipeline.config.resolve()?.block(&format!("components.{their_name}"));
        let index = pipeline.components.get_index_of(their_name).ok_or_else(|| {
            let known = pipeline.config.resolve().ok().and_then(|config| config.section::<Nlp>("nlp").ok());
            let known = known.map(|nlp| nlp.pipeline.join(", ")).unwrap_or_default();
            wrong("source", format!("{} has no component {their_name}; it has {known}", source.source))
        })?;
        if !source.replace_listeners.is_empty() {
            if source.replace_listeners != [LISTENER] {
                let found = source.replace_listeners.join(", ");
                return Err(
                    wrong("replace_listeners", format!("expected [\"{LISTENER}\"], found {found}")).into()
                );
            }
            let replaced = with_own_vectors(&mut pipeline, their_name, registry)?;
            if let Some((block, component)) = replaced {
                pipeline.components[index] = component;
                settings = Ok(block);
            }
        }
        if let Component::EntityRecognizer(recognizer) = &pipeline.components[index]
            && recognizer.upstream().is_none()
            && !are_equal(pipeline.vocab.vectors(), vocab.vectors())
        {
            let place = &source.source;
            tracing::warn!(
                "{name:?} of {place:?} was trained with other word vectors than this pipeline has."
            );
        }
        for string in pipeline.vocab.strings().to_vec() {
            vocab.strings().add(&string);
        }
        let kept = std::mem::take(&mut pipeline.kept);
        self.kept.extend(kept.into_iter().filter_map(|(path, bytes)| {
            let rest = path.strip_prefix(their_name)?;
            (rest.starts_with('/') || rest == ".json").then(|| (format!("{name}{rest}"), bytes))
        }));
        self.config.set(&format!("components.{name}"), settings?.table().clone());
        let (_, component) =
            pipeline.components.shift_remove_index(index).expect("the index was found above");
        self.components.insert(name.to_owned(), component);
        Ok(())
    }
}

/// Opens a pipeline, without components that are neither wanted nor known.
fn load(path: &Path, wanted: &str, registry: &Registry, device: &Device) -> Result<Pipeline, PipelineError> {
    let files = PipelineFiles::open(path)?;
    let config = files.config()?.resolve()?;
    let is_unwanted = |name: &String| {
        let block = config.block(&format!("components.{name}"));
        name != wanted && block.is_ok_and(|block| unknown_factory(&block, registry).is_some())
    };
    let exclude = config.section::<Nlp>("nlp")?.pipeline.into_iter().filter(is_unwanted).collect();
    Pipeline::from_files(files, &LoadOptions { exclude, ..LoadOptions::default() }, registry, device)
}

/// A recogniser that listens to another component, with a copy of that component's network instead; and its settings.
fn with_own_vectors(
    pipeline: &mut Pipeline,
    name: &str,
    registry: &Registry,
) -> Result<Option<(Block, Component)>, PipelineError> {
    let Some(upstream) = upstream_of(pipeline, name) else { return Ok(None) };
    let mut config = pipeline.config.resolve()?;
    let network = config.get(&format!("components.{upstream}.model")).cloned().unwrap_or(Value::Null);
    config.set(&format!("components.{name}.{LISTENER}"), network);
    let block = config.block(&format!("components.{name}"))?;
    let recipe: ComponentRecipe = registry.build(Kind::Factories, &block)?;
    let weights: Vec<Array> = [upstream.as_str(), name]
        .into_iter()
        .flat_map(|name| weights(&mut pipeline.components[name]))
        .collect();
    let (ComponentRecipe::EntityRecognizer(settings, architecture), Component::EntityRecognizer(listener)) =
        (recipe, &pipeline.components[name])
    else {
        return Ok(None);
    };
    let width = pipeline.vocab.vectors().width();
    let mut init = Init::zeros(&pipeline.device).with_vector_width(width);
    let mut own = EntityRecognizer::new(settings, architecture, listener.actions().clone(), &mut init);
    own.restore(listener.actions().clone(), listener.settings().clone(), &mut init);
    for (parameter, weights) in own.parameters_mut().into_iter().zip(&weights) {
        parameter.change(&mut |values| values.copy_from_slice(weights.data()));
    }
    Ok(Some((block, Component::EntityRecognizer(Box::new(own)))))
}

/// The component whose vectors a recogniser takes.
fn upstream_of(pipeline: &Pipeline, name: &str) -> Option<String> {
    let Component::EntityRecognizer(listener) = &pipeline.components[name] else { return None };
    let before = pipeline.components.iter().take_while(|(other, _)| *other != name);
    let tok2vecs: IndexMap<&str, &String> = before
        .filter(|(_, component)| matches!(component, Component::Tok2Vec(_)))
        .map(|(name, _)| (name.as_str(), name))
        .collect();
    find_upstream(&tok2vecs, listener.upstream()?).map(|name| (*name).clone())
}

fn weights(component: &mut Component) -> Vec<Array> {
    component.parameters_mut().iter().map(|parameter| parameter.array()).collect()
}

fn are_equal(left: &Vectors, right: &Vectors) -> bool {
    left.width() == right.width() && left.data() == right.data() && left.keys().eq(right.keys())
}
