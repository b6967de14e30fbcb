use std::sync::Arc;

use ner_doc::Sentencizer;
use ner_model::{LayerTree, Parameter, TokenVectors};
use ner_thinc::Layer;

use crate::PipelineError;
use crate::components::skipped::SkippedComponent;
use crate::components::tok2vec::Tok2VecComponent;
use crate::recognizer::entity_recognizer::EntityRecognizer;

/// One stage of a pipeline.
#[derive(Debug)]
pub enum Component {
    /// Gives tokens vectors that later stages use.
    Tok2Vec(Tok2VecComponent),
    /// Finds entities.
    EntityRecognizer(Box<EntityRecognizer>),
    /// Finds sentences by their punctuation; entities do not cross their borders.
    Sentencizer(Sentencizer),
    /// Is not known here: it never runs, and its settings and files are kept.
    Skipped(SkippedComponent),
}

impl Component {
    /// The labels that the component assigns, sorted; none of a skipped one.
    pub fn labels(&self) -> Vec<String> {
        match self {
            Component::EntityRecognizer(recognizer) => recognizer.labels(),
            Component::Tok2Vec(_) | Component::Sentencizer(_) | Component::Skipped(_) => Vec::new(),
        }
    }

    /// Makes sure that there is a table of static vectors if the network reads one.
    pub(crate) fn check_vectors(&self, name: &str) -> Result<(), PipelineError> {
        let width = match self {
            Component::Tok2Vec(tok2vec) => tok2vec.model.vector_width(),
            Component::EntityRecognizer(recognizer) => recognizer.vector_width(),
            Component::Sentencizer(_) | Component::Skipped(_) => None,
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
            Component::Sentencizer(_) | Component::Skipped(_) => Vec::new(),
        }
    }

    /// The network of its own token vectors, if it has one.
    pub(crate) fn tok2vec_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        match self {
            Component::Tok2Vec(tok2vec) => Some(&mut *tok2vec.model),
            Component::EntityRecognizer(recognizer) => recognizer.tok2vec_mut(),
            Component::Sentencizer(_) | Component::Skipped(_) => None,
        }
    }

    /// Whether it learns.
    pub fn is_trainable(&self) -> bool {
        matches!(self, Component::Tok2Vec(_) | Component::EntityRecognizer(_))
    }

    /// The model as Thinc describes it, if there is one.
    pub fn layer(&self, tree: &mut LayerTree) -> Option<Arc<Layer>> {
        match self {
            Component::Tok2Vec(tok2vec) => Some(tok2vec.model.layer(tree)),
            Component::EntityRecognizer(recognizer) => Some(recognizer.layer(tree)),
            Component::Sentencizer(_) | Component::Skipped(_) => None,
        }
    }
}
