use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use ner_doc::{Doc, Example};
use ner_layers::Init;
use ner_model::{
    EncoderSources, LayerTree, ListenerRecipe, ModelError, Parameter, SharedGradient, SharedKind, SharedRows,
    TokenVectors,
};
use ner_scorer::Scorer;
use ner_thinc::{Layer, ModelFile};

use super::UpstreamVectors;
use crate::learning::{Batch, Rehearsal, Supervision, Update};
use crate::storage::{FileSink, PipelineFiles};
use crate::{EntityScore, PipelineError};

/// One stage of a pipeline: annotates documents, gives later stages token vectors, or both.
///
/// A new kind of component is one implementation of this trait and one registered factory that builds a
/// [`ComponentRecipe`]. The defaults are those of a component that has no network and never learns. What only one kind
/// has is reached with [`downcast_ref`](trait.Component.html#method.downcast_ref).
pub trait Component: Any + Debug + Send + Sync {
    /// What a label file says of its labels; `None` if it has none. [`Initialization::labels`] takes it.
    fn label_data(&self) -> Option<serde_json::Value> {
        None
    }

    /// The labels that it assigns, sorted.
    fn labels(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether it finds entities.
    fn finds_entities(&self) -> bool {
        false
    }

    /// The measure of its predictions, if there is one.
    fn scorer(&self) -> Option<&dyn Scorer> {
        None
    }

    /// Its network of token vectors, if it has one.
    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        None
    }

    /// The same, to be changed.
    fn token_vectors_mut(&mut self) -> Option<&mut dyn TokenVectors> {
        None
    }

    /// What listeners among the later components may take from [`token_vectors`](Component::token_vectors); `None` if
    /// it shares nothing.
    fn shares(&self) -> Option<SharedKind> {
        None
    }

    /// How it takes its token vectors from another component, if it is a listener.
    fn listener(&self) -> Option<&ListenerRecipe> {
        None
    }

    /// Length of the rows that it takes if it is a listener; `None` if it takes rows of any length, and has not been told
    /// yet how long they are.
    fn upstream_width(&self) -> Option<usize> {
        self.listener()?.width
    }

    /// Tells a listener how long the rows are that it takes, once that is known: before
    /// [`initialize`](Component::initialize) and before [`read_settings`](Component::read_settings).
    fn set_upstream_width(&mut self, _width: usize) {}

    /// How many numbers prediction on documents takes from Python's generator and throws away, if they come in batches of
    /// `batch_size`; see [`TokenVectors::python_draws`].
    fn prediction_draws(&self, _docs: &[&Doc], _batch_size: usize) -> usize {
        0
    }

    /// Annotates documents, which hold at least one token in all. `upstream` gives the vectors of their tokens if the
    /// component is a listener. Returns the entities that were weighed in each document, if the
    /// component weighs several.
    fn predict(
        &self,
        _docs: &mut [&mut Doc],
        _upstream: Option<&UpstreamVectors<'_>>,
    ) -> Vec<Vec<EntityScore>> {
        Vec::new()
    }

    /// Whether it learns.
    fn is_trainable(&self) -> bool {
        false
    }

    /// Sets how the states of its transition system are taught, if it has one.
    fn set_supervision(&mut self, _supervision: &Supervision) {}

    /// Whether it does not learn, though it is trained in a run: its losses are counted all the same.
    fn stays_as_it_is(&self) -> bool {
        false
    }

    /// Whether a pretrained encoder decides the sizes of its network.
    fn has_encoder(&self) -> bool {
        false
    }

    /// Takes its pretrained encoder, weights included, out of its model file; before
    /// [`read_settings`](Component::read_settings).
    fn read_encoder(&mut self, _file: &ModelFile, _init: &mut Init<'_>) -> Result<(), ModelError> {
        Ok(())
    }

    /// Takes its labels and draws its first weights.
    fn initialize(&mut self, _data: &Initialization<'_>, _init: &mut Init<'_>) -> Result<(), PipelineError> {
        Ok(())
    }

    /// Learns from a batch: adds to the gradients and the loss of `update`. Returns the gradient of the `upstream`
    /// rows, if it learned from them. Rows that it shares learn without its doing, from their listeners' gradients.
    fn learn(
        &mut self,
        _batch: &Batch<'_>,
        _upstream: Option<&SharedRows>,
        _update: &mut Update<'_>,
    ) -> Result<Option<SharedGradient>, PipelineError> {
        Ok(None)
    }

    /// A copy with the weights of now, to rehearse from later; `None` if the component cannot rehearse.
    fn tutor(&mut self, _init: &mut Init<'_>) -> Option<Box<dyn Component>> {
        None
    }

    /// Learns to predict as its [`tutor`](Component::tutor) does; otherwise as [`learn`](Component::learn).
    fn rehearse(
        &mut self,
        _rehearsal: &Rehearsal<'_>,
        _tutor: &TutorOf<'_>,
        _upstream: Option<&SharedRows>,
        _update: &mut Update<'_>,
    ) -> Result<Option<SharedGradient>, PipelineError> {
        Ok(None)
    }

    /// The trainable weights, always in the same order. Those of its own token vectors come first.
    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        self.token_vectors_mut().map(TokenVectors::parameters_mut).unwrap_or_default()
    }

    /// The model as Thinc describes it, if there is one; its weights are stored in the component's file `model`.
    fn layer(&self, _tree: &mut LayerTree) -> Option<Arc<Layer>> {
        None
    }

    /// Reads everything but the weights from the files of the component called `name`.
    fn read_settings(
        &mut self,
        _name: &str,
        _files: &mut PipelineFiles,
        _init: &mut Init<'_>,
    ) -> Result<(), PipelineError> {
        Ok(())
    }

    /// The state of learning that the component's files do not hold, if there is any.
    fn learning_state(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// Takes back a [`learning_state`](Component::learning_state).
    ///
    /// # Errors
    /// The reason, if it is not that of such a component.
    fn restore_learning_state(&mut self, _state: serde_json::Value) -> Result<(), String> {
        Ok(())
    }

    /// Writes everything but the weights.
    fn write_settings(&self, _name: &str, _sink: FileSink<'_>) -> Result<(), PipelineError> {
        Ok(())
    }
}

impl dyn Component {
    /// Whether later components may listen to it.
    pub fn shares_vectors(&self) -> bool {
        self.shares().is_some()
    }

    /// The component as one of a certain kind, if it is of that kind.
    pub fn downcast_ref<Kind: Component>(&self) -> Option<&Kind> {
        (self as &dyn Any).downcast_ref()
    }

    /// The same, to be changed.
    pub fn downcast_mut<Kind: Component>(&mut self) -> Option<&mut Kind> {
        (self as &mut dyn Any).downcast_mut()
    }

    /// Its network of token vectors, if it has one that can run on these documents.
    pub(crate) fn checked_network(
        &self,
        name: &str,
        docs: &[&Doc],
    ) -> Result<Option<&dyn TokenVectors>, PipelineError> {
        let Some(network) = self.token_vectors() else {
            return match self.shares_vectors() {
                true => Err(PipelineError::NotInitialized { component: name.to_owned() }),
                false => Ok(None),
            };
        };
        let documents = |message| PipelineError::Documents { component: name.to_owned(), message };
        network.check(docs).map_err(documents).map(|()| Some(network))
    }

    /// Fails if the network reads static vectors and the vocabulary has none.
    pub(crate) fn check_static_vectors(&self, name: &str) -> Result<(), PipelineError> {
        match self.token_vectors().and_then(TokenVectors::vector_width) {
            Some(0) => Err(PipelineError::NoVectors { component: name.to_owned() }),
            _ => Ok(()),
        }
    }
}

/// What a component draws its labels from before training.
#[derive(Clone, Copy, Debug)]
pub struct Initialization<'a> {
    /// The component's name in the pipeline.
    pub name: &'a str,
    /// The training examples, or the first of them if they are streamed.
    pub examples: &'a [Example],
    /// The labels of a label file, as `init labels` writes them; they win over those of the examples.
    pub labels: Option<&'a serde_json::Value>,
    /// Where its pretrained encoder comes from, if it has one.
    pub sources: &'a EncoderSources,
}

/// Everything that makes a component but the weights; the product of a registered factory.
pub struct ComponentRecipe(Box<Make>);

type Make = dyn FnOnce(&mut Init<'_>) -> Box<dyn Component>;

impl ComponentRecipe {
    /// A recipe for the component that `make` makes. Its labels, and with them the size of its last layer, may be still
    /// to come.
    pub fn new<Kind: Component>(make: impl FnOnce(&mut Init<'_>) -> Kind + 'static) -> ComponentRecipe {
        ComponentRecipe(Box::new(move |init| Box::new(make(init))))
    }

    /// Makes the component.
    pub(crate) fn make(self, init: &mut Init<'_>) -> Box<dyn Component> {
        (self.0)(init)
    }
}

/// The tutor of one component.
#[derive(Debug)]
pub struct TutorOf<'a> {
    /// The component as it was.
    pub component: &'a dyn Component,
    /// The vectors that it takes if it is a listener, from the component that shared them as that was.
    pub upstream: Option<&'a UpstreamVectors<'a>>,
}
