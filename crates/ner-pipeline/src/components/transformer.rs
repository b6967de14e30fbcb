use std::sync::Arc;

use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Doc;
use ner_layers::Init;
use ner_model::{
    ExtraAnnotations, LayerTree, ModelError, Preparation, SharedKind, TokenVectors, TransformerRecipe,
};
use ner_thinc::{Layer, ModelFile};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{Component, ComponentRecipe, Initialization, padded_passes};
use crate::PipelineError;
use crate::learning::copy_weights;
use crate::registrations::{default_annotations, default_curated_transformer, default_transformer};
use crate::storage::{FileSink, PipelineFiles, content, json_bytes, read_json};

/// An encoder of transformers that later components share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransformerFactoryConfig {
    /// The encoder.
    #[serde(default = "default_transformer")]
    pub model: Block,
    /// What is kept of the encoder's output beside vectors: nothing.
    #[serde(default = "default_annotations")]
    pub set_extra_annotations: Block,
    /// Tokens of a batch, once its documents are as long as the longest.
    #[serde(default = "max_batch_items")]
    pub max_batch_items: usize,
}

fn max_batch_items() -> usize {
    4096
}

/// An encoder of curated transformers that later components share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CuratedTransformerFactoryConfig {
    /// The encoder.
    #[serde(default = "default_curated_transformer")]
    pub model: Block,
    /// Whether the encoder stays as it is.
    #[serde(default)]
    pub frozen: bool,
    /// Whether all layers are shared, not the last one alone.
    #[serde(default)]
    pub all_layer_outputs: bool,
}

/// The factory `transformer`.
pub(crate) fn transformer(
    config: TransformerFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    let TransformerFactoryConfig { model, set_extra_annotations, max_batch_items } = config;
    let ExtraAnnotations = builder.build(Kind::AnnotationSetters, &set_extra_annotations)?;
    let recipe: TransformerRecipe = builder.build(Kind::Architectures, &model)?;
    if recipe.kind != SharedKind::Transformer {
        let message = "expected a TransformerModel of spacy-transformers; encoders of spacy-curated-transformers belong \
                       to a component of the factory curated_transformer";
        return Err(builder.invalid("model", message));
    }
    let settings = Settings::HuggingFace { max_batch_items };
    Ok(ComponentRecipe::new(move |init| TransformerComponent::new(recipe, settings, init)))
}

/// The factory `curated_transformer`.
pub(crate) fn curated_transformer(
    config: CuratedTransformerFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    let CuratedTransformerFactoryConfig { model, frozen, all_layer_outputs: all_layers } = config;
    let recipe: TransformerRecipe = builder.build(Kind::Architectures, &model)?;
    if recipe.kind == SharedKind::Transformer {
        let message = "expected an encoder of spacy-curated-transformers; those of spacy-transformers belong to a \
                       component of the factory transformer";
        return Err(builder.invalid("model", message));
    }
    let settings = Settings::Curated { is_frozen: frozen, all_layers };
    Ok(ComponentRecipe::new(move |init| TransformerComponent::new(recipe, settings, init)))
}

/// A pretrained encoder that other components share.
#[derive(Debug)]
pub struct TransformerComponent {
    recipe: Arc<TransformerRecipe>,
    model: Box<dyn TokenVectors>,
    settings: Settings,
}

/// What differs between the two libraries.
#[derive(Clone, Copy, Debug)]
enum Settings {
    HuggingFace { max_batch_items: usize },
    Curated { is_frozen: bool, all_layers: bool },
}

impl TransformerComponent {
    fn new(recipe: TransformerRecipe, settings: Settings, init: &mut Init<'_>) -> TransformerComponent {
        let recipe = Arc::new(recipe);
        TransformerComponent { model: make(&recipe, settings, init), recipe, settings }
    }

    /// Whether it is to stay as it is; `None` if its kind has no such switch.
    pub fn is_frozen(&self) -> Option<bool> {
        match self.settings {
            Settings::HuggingFace { .. } => None,
            Settings::Curated { is_frozen, .. } => Some(is_frozen),
        }
    }

    /// Sets whether it stays as it is, if its kind has such a switch.
    pub fn set_frozen(&mut self, frozen: bool) {
        if let Settings::Curated { is_frozen, .. } = &mut self.settings {
            *is_frozen = frozen;
        }
    }
}

fn make(recipe: &TransformerRecipe, settings: Settings, init: &mut Init<'_>) -> Box<dyn TokenVectors> {
    let mut model = recipe.network.make(init);
    if matches!(settings, Settings::Curated { all_layers: true, .. }) {
        model.share_all_layers();
    }
    model
}

impl Component for TransformerComponent {
    fn label_data(&self) -> Option<serde_json::Value> {
        None
    }

    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        Some(&*self.model)
    }

    fn token_vectors_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        Some(&mut *self.model)
    }

    fn shares(&self) -> Option<SharedKind> {
        Some(match self.settings {
            Settings::HuggingFace { .. } => SharedKind::Transformer,
            Settings::Curated { all_layers, .. } => SharedKind::CuratedTransformer { all_layers },
        })
    }

    fn is_trainable(&self) -> bool {
        true
    }

    fn stays_as_it_is(&self) -> bool {
        self.is_frozen() == Some(true)
    }

    fn has_encoder(&self) -> bool {
        true
    }

    fn read_encoder(&mut self, file: &ModelFile, init: &mut Init<'_>) -> Result<(), ModelError> {
        self.recipe.network.prepare(&Preparation::File(file))?;
        self.model = make(&self.recipe, self.settings, init);
        Ok(())
    }

    fn prediction_draws(&self, docs: &[&Doc], batch_size: usize) -> usize {
        let Settings::HuggingFace { max_batch_items } = self.settings else { return 0 };
        let lengths: Vec<usize> = docs.iter().map(|doc| doc.len()).collect();
        self.model.python_draws() * padded_passes(&lengths, batch_size, max_batch_items)
    }

    fn initialize(&mut self, data: &Initialization<'_>, init: &mut Init<'_>) -> Result<(), PipelineError> {
        let wrong = |source| PipelineError::Model { component: data.name.to_owned(), source };
        self.recipe.network.prepare(&Preparation::Sources(data.sources)).map_err(wrong)?;
        self.model = make(&self.recipe, self.settings, init);
        Ok(())
    }

    fn tutor(&mut self, init: &mut Init<'_>) -> Option<Box<dyn Component>> {
        let mut model = make(&self.recipe, self.settings, init);
        copy_weights(self.model.parameters_mut(), model.parameters_mut());
        Some(Box::new(TransformerComponent { recipe: self.recipe.clone(), model, settings: self.settings }))
    }

    fn layer(&self, tree: &mut LayerTree) -> Option<Arc<Layer>> {
        Some(self.model.layer(tree))
    }

    fn read_settings(
        &mut self,
        name: &str,
        files: &mut PipelineFiles,
        _: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        let path = format!("{name}/cfg");
        let Settings::HuggingFace { max_batch_items } = &mut self.settings else {
            // spaCy: a file of settings is written though there are none (trainable_pipe.pyx).
            return files.take_if_there(&path).map(drop);
        };
        let cfg = read_json(files, &path)?;
        if let Some(found) = cfg.get("max_batch_items") {
            let number = found.as_u64().and_then(|number| usize::try_from(number).ok());
            *max_batch_items = number.ok_or_else(|| {
                let message = format!("max_batch_items: expected a number of tokens, found {found}");
                content(files.path(&path), message)
            })?;
        }
        Ok(())
    }

    fn write_settings(&self, name: &str, sink: FileSink<'_>) -> Result<(), PipelineError> {
        let path = format!("{name}/cfg");
        match self.settings {
            Settings::HuggingFace { max_batch_items } => {
                sink(&path, &json_bytes(&json!({ "max_batch_items": max_batch_items })))
            }
            // spaCy: these bytes are what srsly makes of a dictionary without keys.
            Settings::Curated { .. } => sink(&path, b"{\n\n}"),
        }
    }
}
