use ner_config::{Block, ConfigError, Kind, NlpConfig, Registry, Table, Value};
use ner_model::{LayerTree, ModelError, SharedKind};
use ner_thinc::{Array, ModelFile};

use crate::assembly::Assembly;
use crate::registrations::TOK2VEC_TRANSFORMER;
use crate::storage::PipelineFiles;
use crate::{Component, ComponentRecipe, LoadOptions, Pipeline, PipelineError};
use ner_files::FileMap;

/// The place of a listener in the block of its component.
pub(super) const LISTENER: &str = "model.tok2vec";

/// A component, and the block that describes it.
pub(super) type Described = (Block, Box<dyn Component>);

/// A component of a pipeline that listens to another one, with a copy of that other one's network in place of the
/// listener; and the block that describes it. `None` if it is no listener.
pub(super) fn with_own_vectors(
    pipeline: &mut Pipeline,
    name: &str,
    registry: &Registry,
) -> Result<Option<Described>, PipelineError> {
    let Some(upstream) = pipeline.upstream_of(name).map(str::to_owned) else { return Ok(None) };
    let mut config = pipeline.config.resolve()?;
    let place = format!("components.{name}.{LISTENER}");
    let block = |path: &str| match config.get(path) {
        Some(Value::Table(block)) => block.clone(),
        _ => Table::new(),
    };
    let (network, listener) = (block(&format!("components.{upstream}.model")), block(&place));
    let own = match pipeline.components[&upstream].shares() {
        Some(SharedKind::CuratedTransformer { .. }) => {
            let message = format!(
                "expected nothing: the network of {upstream}, a curated_transformer, is only shared; source both components"
            );
            return Err(
                ConfigError::Value { path: format!("components.{name}.replace_listeners"), message }.into()
            );
        }
        Some(SharedKind::Transformer) => own_transformer(network, &listener),
        _ => network,
    };
    config.set(&place, own);
    let block = config.block(&format!("components.{name}"))?;
    let recipe: ComponentRecipe = registry.build(Kind::Factories, &block)?;
    let nlp: NlpConfig = config.section("nlp")?;
    let assembly = Assembly {
        config: &config,
        nlp: &nlp,
        registry,
        device: &pipeline.device,
        vector_width: pipeline.vocab.vectors().width(),
        options: &LoadOptions::default(),
    };
    let mut own = recipe.make(&mut assembly.init());
    if own.has_encoder() {
        let wrong = |source: ModelError| PipelineError::Model { component: name.to_owned(), source };
        let mut tree = LayerTree::to_write(0.0);
        if let Some(root) = pipeline.components[&upstream].layer(&mut tree) {
            let file = ModelFile::from_layers(&root).map_err(|error| wrong(error.into()))?;
            own.read_encoder(&file, &mut assembly.init()).map_err(wrong)?;
        }
    }
    // Labels and settings go by way of the component's own files, so that no kind needs a way to copy them.
    let mut files = PipelineFiles::of_map(settings_files(&*pipeline.components[name], name)?);
    own.read_settings(name, &mut files, &mut assembly.init())?;
    // A component's own token vectors come first among its parameters, as the shared network's do here.
    let weights = [upstream.as_str(), name].map(|name| weights(&mut *pipeline.components[name])).concat();
    for (parameter, weights) in own.parameters_mut().into_iter().zip(&weights) {
        parameter.change(&mut |values| values.copy_from_slice(weights.data()));
    }
    Ok(Some((block, own)))
}

/// The block of a transformer that a component has to itself, from the block of the one that it listened to.
///
/// spaCy: always the third version, whatever the transformer's was (spacy_transformers/layers/_util.py).
fn own_transformer(mut network: Table, listener: &Table) -> Table {
    network.insert("@architectures".to_owned(), TOK2VEC_TRANSFORMER.into());
    for key in ["pooling", "grad_factor"] {
        if let Some(value) = listener.get(key) {
            network.entry(key.to_owned()).or_insert_with(|| value.clone());
        }
    }
    network
}

fn settings_files(component: &dyn Component, name: &str) -> Result<FileMap, PipelineError> {
    let mut files = FileMap::new();
    component.write_settings(name, &mut |path, bytes| {
        files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    })?;
    Ok(files)
}

fn weights(component: &mut dyn Component) -> Vec<Array> {
    component.parameters_mut().iter().map(|parameter| parameter.array()).collect()
}

/// Fails unless the only place in which a listener is to be replaced is the one where listeners stand.
pub(super) fn check_place(replace_listeners: &[String], block: &Block) -> Result<(), ConfigError> {
    if replace_listeners == [LISTENER] {
        return Ok(());
    }
    let found = replace_listeners.join(", ");
    Err(ConfigError::Value {
        path: format!("{}.replace_listeners", block.path()),
        message: format!("expected [\"{LISTENER}\"], found {found}"),
    })
}
