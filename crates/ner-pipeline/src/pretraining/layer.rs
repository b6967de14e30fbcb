use std::path::Path;
use std::sync::Arc;

use ner_config::{ConfigError, PretrainingConfig};
use ner_model::{LayerTree, ModelError, SharedKind};
use ner_thinc::{Bytes, Layer, ModelFile};

use crate::components::Component;
use crate::storage::damaged;
use crate::{Pipeline, PipelineError};

/// The part of a pipeline that is pretrained: the token vectors of a component that shares them.
#[derive(Clone, Debug)]
pub struct PretrainedLayer {
    component: String,
}

impl PretrainedLayer {
    /// The part that `component` and `layer` of `[pretraining]` name.
    ///
    /// # Errors
    /// If the pipeline has no such component, or it is one that does not share its vectors.
    pub fn find(settings: &PretrainingConfig, pipeline: &Pipeline) -> Result<PretrainedLayer, ConfigError> {
        let PretrainingConfig { component, layer, .. } = settings;
        let wrong = |key: &str, message| ConfigError::Value { path: format!("pretraining.{key}"), message };
        let known = || pipeline.components().keys().cloned().collect::<Vec<_>>().join(", ");
        let sharing = || {
            let components = pipeline.components().iter();
            components.filter(|(_, component)| component.shares_vectors()).map(|(name, _)| name.as_str())
        };
        let Some(found) = pipeline.components().get(component) else {
            let message = format!("the pipeline has no component {component:?}; it has: {}", known());
            return Err(wrong("component", message));
        };
        if !found.shares_vectors() {
            // spaCy fails too, with an error of shapes: the part of a recogniser that it calls tok2vec ends in a layer of the
            // recogniser's own.
            let instead = match sharing().next() {
                Some(name) => format!("name {name:?}"),
                None => "give the pipeline one, such as `tok2vec`, and let others listen to it".to_owned(),
            };
            let message =
                format!("expected a component that shares its token vectors, found {component:?}; {instead}");
            return Err(wrong("component", message));
        }
        if found.shares() != Some(SharedKind::Tok2Vec) {
            let message = format!(
                "expected a tok2vec, found {component:?}, whose network is pretrained already; leave this step out"
            );
            return Err(wrong("component", message));
        }
        if !layer.is_empty() {
            let message = format!("expected \"\", the whole network of {component:?}, found {layer:?}");
            return Err(wrong("layer", message));
        }
        Ok(PretrainedLayer { component: component.clone() })
    }

    /// The name of the component.
    pub fn component(&self) -> &str {
        &self.component
    }

    /// The component in the pipeline that it was found in.
    pub(super) fn of<'a>(&self, pipeline: &'a mut Pipeline) -> &'a mut dyn Component {
        pipeline.component_mut(&self.component).expect("it was found in this pipeline")
    }

    /// The weights as spaCy writes them: what `init_tok2vec` reads.
    pub fn to_bytes(&self, pipeline: &Pipeline) -> Result<Vec<u8>, PipelineError> {
        let mut tree = LayerTree::to_write(pipeline.dropout_rate);
        let root = layer(&*pipeline.components()[&self.component], &mut tree);
        let file = ModelFile::from_layers(&root).map_err(|error| PipelineError::Model {
            component: self.component.clone(),
            source: error.into(),
        })?;
        Ok(file.to_bytes())
    }

    /// Takes over the weights that a pretraining, spaCy's or this one, wrote to the file `path`.
    ///
    /// # Errors
    /// If the file cannot be read, or its network is not the same as the component's.
    pub fn load(&self, pipeline: &mut Pipeline, path: &Path) -> Result<(), PipelineError> {
        let bytes = Bytes::from(ner_files::read(path)?);
        let component = self.of(pipeline);
        let mut tree = LayerTree::to_read();
        let root = layer(component, &mut tree);
        let wrong = |error: ModelError| {
            let hint = format!(
                "{error}; expected the weights of a network with the settings of [components.{}.model]: pretrain and train with \
                 the same config",
                self.component
            );
            damaged(path.to_owned(), &bytes, hint)
        };
        let mut file = ModelFile::from_bytes(&bytes).map_err(|error| wrong(error.into()))?;
        // Not the counts of words, of which a pretraining has none: they are those of the training corpus.
        tree.load_weights(&root, &mut file, component.parameters_mut()).map_err(wrong)
    }
}

fn layer(component: &dyn Component, tree: &mut LayerTree) -> Arc<Layer> {
    component.layer(tree).expect("a component that shares vectors has a network")
}
