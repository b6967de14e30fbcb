use std::sync::Arc;

use ner_model::{LayerTree, Parameter};
use ner_thinc::Layer;

use crate::PipelineError;
use crate::entity_recognizer::EntityRecognizer;
use crate::tok2vec_component::Tok2VecComponent;

/// One stage of a pipeline.
#[derive(Debug)]
pub enum Component {
    /// Gives tokens vectors that later stages use.
    Tok2Vec(Tok2VecComponent),
    /// Finds entities.
    EntityRecognizer(Box<EntityRecognizer>),
}

impl Component {
    /// The labels that the component assigns, sorted.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Component::Tok2Vec(_) => Vec::new(),
            Component::EntityRecognizer(recognizer) => recognizer.labels(),
        }
    }

    /// Makes sure that there is a table of static vectors if the network reads one.
    pub(crate) fn check_vectors(&self, name: &str) -> Result<(), PipelineError> {
        let width = match self {
            Component::Tok2Vec(tok2vec) => tok2vec.model.vector_width(),
            Component::EntityRecognizer(recognizer) => recognizer.vector_width(),
        };
        match width {
            Some(0) => Err(PipelineError::NoVectors { component: name.to_owned() }),
            _ => Ok(()),
        }
    }

    /// The trainable weights.
    pub fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        match self {
            Component::Tok2Vec(tok2vec) => tok2vec.model.parameters_mut(),
            Component::EntityRecognizer(recognizer) => recognizer.parameters_mut(),
        }
    }

    /// The model as Thinc describes it.
    pub fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        match self {
            Component::Tok2Vec(tok2vec) => tok2vec.model.layer(tree),
            Component::EntityRecognizer(recognizer) => recognizer.layer(tree),
        }
    }
}
