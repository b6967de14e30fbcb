//! How a config becomes a pipeline.

use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Document, Kind, Registry};
use ner_files::FileMap;
use ner_layers::Init;
use ner_tokenizer::Tokenizer;
use ner_transitions::Actions;
use serde::Deserialize;

use crate::assembly::base_model::BaseModel;
use crate::assembly::sourced::Sourced;
use crate::components::component::Component;
use crate::components::factories::{ComponentRecipe, RuleTokenizer};
use crate::components::ordered::Components;
use crate::components::skipped::SkippedComponent;
use crate::components::tok2vec::Tok2VecComponent;
use crate::pipeline::{Pipeline, find_upstream};
use crate::recognizer::entity_recognizer::EntityRecognizer;
use crate::{LoadOptions, Meta, PipelineError};

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
    /// The pipeline of a config, with weights and labels still to come. English has its tokeniser built in; that of
    /// other languages comes from a pipeline that `[initialize.before_init]` names, and static vectors come from the one
    /// that `initialize.vectors` names.
    pub fn from_config(
        config: &Document,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        let interpolated = config.resolve()?;
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
        let nlp: Nlp = config.resolve()?.section("nlp")?;
        nlp.check_tokenizer(registry)?;
        let width = tokenizer.vocab().vectors().width();
        let components =
            Components::assemble(&config, registry, device, width, &options, sourced.components)?;
        let mut pipeline = Pipeline::new(&config, &nlp, tokenizer, components, device);
        pipeline.kept.extend(kept.into_iter().chain(sourced.kept));
        pipeline.sourced = names;
        Ok(pipeline)
    }

    /// The pipeline of components that a config describes.
    pub(crate) fn new(
        config: &Document,
        nlp: &Nlp,
        mut tokenizer: Tokenizer,
        components: Components,
        device: &Device,
    ) -> Pipeline {
        tokenizer.set_max_length(Pipeline::MAX_LENGTH);
        Pipeline {
            config: config.clone(),
            meta: Meta::new(&nlp.lang),
            vocab: tokenizer.vocab().clone(),
            tokenizer,
            components,
            kept: FileMap::new(),
            sourced: BTreeSet::new(),
            device: device.clone(),
            dropout_rate: 0.0,
        }
    }
}

impl Components {
    /// The components of a config, with weights and labels still to come, but for those that are `made` already.
    /// `vector_width` is the length of static vectors.
    pub(crate) fn assemble(
        config: &Document,
        registry: &Registry,
        device: &Device,
        vector_width: usize,
        options: &LoadOptions,
        mut made: IndexMap<String, Component>,
    ) -> Result<Components, PipelineError> {
        let interpolated = config.resolve()?;
        let nlp: Nlp = interpolated.section("nlp")?;
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
                    let mut init = Init::zeros(device).with_vector_width(vector_width);
                    make(registry.build(Kind::Factories, &block)?, &mut init)
                }
            };
            check_upstream(name, &component, &components, &disabled)?;
            components.insert(name.clone(), component);
        }
        let components = Components { by_name: components, disabled };
        components.warn_of_skipped();
        Ok(components)
    }
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
    /// The tokeniser has to be one that is known here.
    pub(crate) fn check_tokenizer(&self, registry: &Registry) -> Result<(), ConfigError> {
        match &self.tokenizer {
            Some(block) => registry.build::<RuleTokenizer>(Kind::Tokenizers, block).map(drop),
            None => Ok(()),
        }
    }

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
