use std::sync::Arc;

use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::Init;
use ner_model::{LayerTree, Recipe, SharedKind, TokenSource, TokenVectors};
use ner_thinc::Layer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Component, ComponentRecipe, Initialization};
use crate::PipelineError;
use crate::learning::copy_weights;
use crate::registrations::default_tok2vec;
use crate::storage::{FileSink, PipelineFiles};

/// Token vectors that later components share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tok2VecFactoryConfig {
    /// The network.
    #[serde(default = "default_tok2vec")]
    pub model: Block,
}

/// The factory `tok2vec`.
pub(crate) fn tok2vec(
    config: Tok2VecFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    match builder.build(Kind::Architectures, &config.model)? {
        TokenSource::Own(recipe) => Ok(ComponentRecipe::new(|init| Tok2VecComponent::new(recipe, init))),
        TokenSource::Listener(_) => Err(builder.invalid(
            "model",
            "expected a network of token vectors, found a listener: it belongs in model.tok2vec of the component \
             that takes the vectors",
        )),
    }
}

/// Token vectors that other components share.
#[derive(Debug)]
pub struct Tok2VecComponent {
    recipe: Arc<Recipe<dyn TokenVectors>>,
    model: Box<dyn TokenVectors>,
}

impl Tok2VecComponent {
    /// The component of a network, with the weights that `init` gives.
    pub fn new(recipe: Recipe<dyn TokenVectors>, init: &mut Init<'_>) -> Tok2VecComponent {
        let model = recipe.make(init);
        Tok2VecComponent { recipe: Arc::new(recipe), model }
    }
}

impl Component for Tok2VecComponent {
    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        Some(&*self.model)
    }

    fn token_vectors_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        Some(&mut *self.model)
    }

    fn shares(&self) -> Option<SharedKind> {
        Some(SharedKind::Tok2Vec)
    }

    fn is_trainable(&self) -> bool {
        true
    }

    fn initialize(&mut self, data: &Initialization<'_>, init: &mut Init<'_>) -> Result<(), PipelineError> {
        self.model = self.recipe.make(init);
        self.model.count_words(&mut data.examples.iter().map(|example| &example.predicted));
        Ok(())
    }

    fn tutor(&mut self, init: &mut Init<'_>) -> Option<Box<dyn Component>> {
        let mut model = self.recipe.make(init);
        copy_weights(self.model.parameters_mut(), model.parameters_mut());
        Some(Box::new(Tok2VecComponent { recipe: self.recipe.clone(), model }))
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
        // spaCy: a file of settings is written though there are none (trainable_pipe.pyx).
        files.take_if_there(&format!("{name}/cfg")).map(drop)
    }

    fn write_settings(&self, name: &str, sink: FileSink<'_>) -> Result<(), PipelineError> {
        // spaCy: these bytes are what srsly makes of a dictionary without keys.
        sink(&format!("{name}/cfg"), b"{\n\n}")
    }
}
