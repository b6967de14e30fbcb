use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use ner_config::{Block, ConfigError, NlpConfig, Registry, Table};
use ner_files::FileMap;
use ner_vocab::Vocab;
use serde::Deserialize;

use super::base_model::find;
use super::own_vectors::{check_place, with_own_vectors};
use crate::assembly::unknown_factory;
use crate::components::SkippedComponent;
use crate::storage::{PipelineFiles, VocabFiles, read_json};
use crate::{Component, LoadOptions, Pipeline, PipelineError};

/// A component in another pipeline, to be taken from there.
pub(super) struct Origin<'a> {
    /// The block that names the other pipeline.
    block: &'a Block,
    source: Source,
    their_name: String,
    files: PipelineFiles,
    lang: String,
    /// The block of the component in the other pipeline.
    settings: Block,
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

/// A component that was taken out of another pipeline.
pub(super) struct Taken {
    pub(super) component: Box<dyn Component>,
    pub(super) their_name: String,
    pub(super) settings: Table,
    /// The vocabulary of its pipeline.
    pub(super) vocab: Arc<Vocab>,
    /// The files of its pipeline that nobody has read.
    pub(super) files: FileMap,
    /// Its labels, unless it knows them itself.
    pub(super) labels: Option<serde_json::Value>,
}

impl<'a> Origin<'a> {
    /// Finds the component that is to be `name` here, by its block.
    pub(super) fn open(
        name: &str,
        block: &'a Block,
        registry: &Registry,
    ) -> Result<Origin<'a>, PipelineError> {
        let source: Source = block.read()?;
        let in_source = |error: PipelineError| wrong(block, "source", error.to_string());
        let place = find(&format!("{}.source", block.path()), Path::new(&source.source), registry)?;
        let files = PipelineFiles::open(&place).map_err(in_source)?;
        let config = files.config().and_then(|config| Ok(config.resolve()?)).map_err(in_source)?;
        let nlp: NlpConfig = config.section("nlp").map_err(|error| in_source(error.into()))?;
        let their_name = source.component.as_deref().unwrap_or(name).to_owned();
        if !nlp.pipeline.contains(&their_name) {
            let known = nlp.pipeline.join(", ");
            let message = format!("{} has no component {their_name}; it has {known}", source.source);
            return Err(wrong(block, "source", message).into());
        }
        let settings =
            config.block(&format!("components.{their_name}")).map_err(|error| in_source(error.into()))?;
        Ok(Origin { block, source, their_name, files, lang: nlp.lang, settings })
    }

    /// The other pipeline.
    pub(super) fn pipeline(&self) -> &str {
        &self.source.source
    }

    /// Takes the component. `vocab` is the vocabulary of its pipeline, if that is known already.
    pub(super) fn take(
        self,
        vocab: Option<&Arc<Vocab>>,
        registry: &Registry,
        device: &Device,
    ) -> Result<Taken, PipelineError> {
        let block = self.block;
        match unknown_factory(&self.settings, registry).map(str::to_owned) {
            None => self.take_known(registry, device),
            Some(factory) => self
                .take_skipped(&factory, vocab)
                .map_err(|error| wrong(block, "source", error.to_string()).into()),
        }
    }

    /// The component with its weights.
    fn take_known(self, registry: &Registry, device: &Device) -> Result<Taken, PipelineError> {
        let Origin { block, source, their_name, files, mut settings, .. } = self;
        let mut pipeline =
            load(files, registry, device).map_err(|error| wrong(block, "source", error.to_string()))?;
        let mut own = None;
        if !source.replace_listeners.is_empty() {
            check_place(&source.replace_listeners, block)?;
            if let Some((block, component)) = with_own_vectors(&mut pipeline, &their_name, registry)? {
                (settings, own) = (block, Some(component));
            }
        }
        let component = own.or_else(|| pipeline.components.shift_remove(&their_name));
        Ok(Taken {
            component: component.expect("all components were loaded whose kinds are known"),
            their_name,
            settings: settings.table().clone(),
            vocab: pipeline.vocab,
            files: pipeline.kept,
            labels: None,
        })
    }

    /// The component as one of a kind that is not known here, with its files.
    fn take_skipped(self, factory: &str, vocab: Option<&Arc<Vocab>>) -> Result<Taken, PipelineError> {
        let Origin { block, source, their_name, mut files, lang, settings } = self;
        if !source.replace_listeners.is_empty() {
            let message = format!(
                "expected nothing, since {factory} is not known here and stays as it is; freeze the component whose \
                 vectors it takes instead"
            );
            return Err(wrong(block, "replace_listeners", message).into());
        }
        let meta = read_json(&mut files, "meta.json")?;
        let vocab = match vocab {
            Some(vocab) => vocab.clone(),
            None => Arc::new(VocabFiles::take(&mut files, &lang)?.read()?),
        };
        let mut component = SkippedComponent::new(factory, settings.table());
        component.read_patterns(&their_name, &mut files)?;
        Ok(Taken {
            component: Box::new(component),
            settings: settings.table().clone(),
            vocab,
            files: files.take_all(|path| path.starts_with(&their_name))?,
            labels: meta.get("labels").and_then(|labels| labels.get(&their_name)).cloned(),
            their_name,
        })
    }
}

/// The error of a key in a component's block.
pub(super) fn wrong(block: &Block, key: &str, message: String) -> ConfigError {
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
