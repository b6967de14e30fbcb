use std::collections::BTreeSet;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Block, ConfigError, Kind, NlpConfig, Registry, ResolvedConfig};
use ner_layers::Init;
use ner_model::{SharedKind, TokenVectors};
use ner_tokenizer::TokenizerSource;
use ner_vocab::Vectors;

use super::LoadOptions;
use crate::components::{ByName, Components, SkippedComponent};
use crate::registrations::listener_to;
use crate::{Component, ComponentRecipe, PipelineError};

/// How the components of a config are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assembly<'a> {
    pub(crate) config: &'a ResolvedConfig,
    pub(crate) nlp: &'a NlpConfig,
    pub(crate) registry: &'a Registry,
    pub(crate) device: &'a Device,
    /// Length of static vectors; 0 if there are none.
    pub(crate) vector_width: usize,
    pub(crate) options: &'a LoadOptions,
}

impl<'a> Assembly<'a> {
    /// The components of the config, with weights and labels still to come, except for those that are `made` already.
    pub(crate) fn components(
        &self,
        mut made: IndexMap<String, Box<dyn Component>>,
    ) -> Result<Components, PipelineError> {
        let loaded = self.options.loaded(&self.nlp.pipeline);
        let disabled = self.options.disabled(&loaded, &self.nlp.disabled)?;
        let mut components = Components { by_name: IndexMap::new(), disabled };
        for name in loaded {
            let mut component = match made.shift_remove(&name) {
                Some(component) => component,
                None => self.component(&name, components.disabled.contains(&name))?,
            };
            if let Some(width) = check_upstream(&name, &*component, &components)? {
                component.set_upstream_width(width);
            }
            components.insert(name, component);
        }
        Ok(components)
    }

    fn component(&self, name: &str, is_disabled: bool) -> Result<Box<dyn Component>, PipelineError> {
        let block = self.config.block(&format!("components.{name}"))?;
        // What does not run is not missed, even where all that runs must be known.
        let may_skip = !self.options.strict || is_disabled;
        match unknown_factory(&block, self.registry) {
            Some(factory) if may_skip => Ok(Box::new(SkippedComponent::new(factory, block.table()))),
            _ => {
                let recipe: ComponentRecipe = self.registry.build(Kind::Factories, &block)?;
                Ok(recipe.make(&mut self.init()))
            }
        }
    }

    /// Weights of zero, to be replaced.
    pub(crate) fn init(&self) -> Init<'a> {
        Init::zeros(self.device).with_vector_width(self.vector_width)
    }
}

/// The means by which the texts of a pipeline are split.
pub(crate) fn tokenizer_source(nlp: &NlpConfig, registry: &Registry) -> Result<TokenizerSource, ConfigError> {
    nlp.tokenizer.as_ref().map_or(Ok(TokenizerSource::Rules), |block| registry.build(Kind::Tokenizers, block))
}

/// The table of static vectors that a new pipeline begins with.
pub(crate) fn first_vectors(nlp: &NlpConfig, registry: &Registry) -> Result<Vectors, ConfigError> {
    nlp.vectors.as_ref().map_or(Ok(Vectors::default()), |block| registry.build(Kind::Vectors, block))
}

/// Whether the function is known that a block names as tokenizer.
pub(crate) fn is_registered_tokenizer(block: &Block, registry: &Registry) -> bool {
    block.named().is_none_or(|(kind, name)| registry.get(kind, name).is_some())
}

/// The factory of a component, if it is not known here.
pub(crate) fn unknown_factory<'a>(block: &'a Block, registry: &Registry) -> Option<&'a str> {
    let factory = block.table().get(Kind::Factories.key())?.as_str()?;
    registry.get(Kind::Factories, factory).is_none().then_some(factory)
}

/// Fails unless a listener has a component before it that shares rows of the right kind and length, and that runs if the
/// listener does. Returns the length if it is known already.
fn check_upstream(
    name: &str,
    component: &dyn Component,
    before: &Components,
) -> Result<Option<usize>, ConfigError> {
    let Some(listener) = component.listener() else { return Ok(None) };
    let upstream = listener.upstream.as_str();
    let (running, off) = sharing(before, &before.disabled, name);
    let wrong = |key: &str, message: String| {
        Err(ConfigError::Value { path: format!("components.{name}.model.tok2vec.{key}"), message })
    };
    if let Some((other, &Shared { kind, width })) = running.find(upstream) {
        if !listener.kind.takes(kind) {
            return wrong("@architectures", wrong_kind(other, listener.kind, kind));
        }
        return match (width, component.upstream_width()) {
            (Some(expected), Some(found)) if expected != found => wrong(
                "width",
                format!("expected the width of the {} component, {expected}, found {found}", kind.factory()),
            ),
            _ => Ok(width),
        };
    }
    // Nothing shares its vectors under this name: because its kind is unknown, it is disabled, or it is not there at
    // all. Each has another mend.
    if let Some((other, skipped)) = skipped_upstream(upstream, listener.kind, before) {
        let factory = skipped.factory();
        return wrong(
            "upstream",
            format!(
                "{name} takes its vectors from {other}, a component of a kind that is not known here ({factory})"
            ),
        );
    }
    match off.find(upstream) {
        Some((other, _)) => wrong(
            "upstream",
            format!("{name} takes its vectors from {other}, which is disabled; disable both or none"),
        ),
        None => wrong(
            "upstream",
            format!(
                "expected a {} component before {name} in nlp.pipeline, found none for {upstream:?}",
                listener.kind.factory()
            ),
        ),
    }
}

/// The component of a kind that is not known here which a listener with this `upstream` means. The nearest component of any
/// name is meant only where transformers are: their kinds are many, and each has that word in its name.
fn skipped_upstream<'a>(
    upstream: &str,
    kind: SharedKind,
    before: &'a Components,
) -> Option<(&'a str, &'a SkippedComponent)> {
    let mut skipped = before
        .iter()
        .rev()
        .filter_map(|(name, component)| Some((name.as_str(), component.downcast_ref::<SkippedComponent>()?)));
    let is_meant = |(name, skipped): &(&str, &SkippedComponent)| match upstream {
        "*" => kind != SharedKind::Tok2Vec && skipped.factory().contains("transformer"),
        upstream => *name == upstream,
    };
    skipped.find(is_meant)
}

/// What to do about a listener that wants rows of the kind `wanted` of the component `other`, which shares others.
fn wrong_kind(other: &str, wanted: SharedKind, shared: SharedKind) -> String {
    if let (SharedKind::CuratedTransformer { .. }, SharedKind::CuratedTransformer { .. }) = (wanted, shared) {
        return format!(
            "the listener takes all layers of {other}, which shares the last one alone; set \
             components.{other}.all_layer_outputs = true"
        );
    }
    format!(
        "expected \"{}\", which listens to a {}, as {other} is one; found the listener of a {}",
        listener_to(shared),
        shared.factory(),
        wanted.factory()
    )
}

/// What a component shares.
struct Shared {
    kind: SharedKind,
    /// Length of the rows; `None` if it is not known before the component's weights are.
    width: Option<usize>,
}

/// What components share, by name: of those that the component `name` may listen to, and of those that are
/// disabled while it is not.
fn sharing<'a>(
    before: &'a Components,
    disabled: &BTreeSet<String>,
    name: &str,
) -> (ByName<'a, Shared>, ByName<'a, Shared>) {
    let (mut running, mut off) = (ByName::new(), ByName::new());
    for (other, component) in before.iter() {
        let Some(kind) = component.shares() else { continue };
        let width = component.token_vectors().map(TokenVectors::width);
        // A listener that is disabled too misses nothing.
        let is_off = disabled.contains(other) && !disabled.contains(name);
        if is_off { &mut off } else { &mut running }.insert(other.as_str(), Shared { kind, width });
    }
    (running, off)
}
