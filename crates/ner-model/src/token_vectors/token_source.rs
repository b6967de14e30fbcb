use ner_layers::Init;

use crate::{Listen, ListenerRecipe, ModelError, Preparation, Recipe, TokenVectors};

/// Where a component gets its token vectors: the product of every architecture of token vectors.
#[derive(Debug)]
pub enum TokenSource {
    /// From a network of its own.
    Own(Recipe<dyn TokenVectors>),
    /// From another component.
    Listener(ListenerRecipe),
}

impl TokenSource {
    /// Length of the vectors; `None` if only the component that a listener listens to knows it.
    pub fn width(&self) -> Option<usize> {
        match self {
            TokenSource::Own(recipe) => Some(recipe.width),
            TokenSource::Listener(recipe) => recipe.width,
        }
    }

    /// Whether a pretrained encoder decides the sizes of the network.
    pub fn has_encoder(&self) -> bool {
        matches!(self, TokenSource::Own(recipe) if recipe.has_preparation())
    }

    /// Finds the pretrained encoder of the network, if it has one.
    ///
    /// # Errors
    /// If the encoder is not there, or is damaged.
    pub fn prepare(&self, preparation: &Preparation<'_>) -> Result<(), ModelError> {
        match self {
            TokenSource::Own(recipe) => recipe.prepare(preparation),
            TokenSource::Listener(_) => Ok(()),
        }
    }

    /// Makes the network or the listener, which gives vectors of length `width`.
    pub(crate) fn make(&self, width: usize, init: &mut Init<'_>) -> TokenInput {
        match self {
            TokenSource::Own(recipe) => TokenInput::Own(recipe.make(init)),
            TokenSource::Listener(recipe) => TokenInput::Listener(recipe.make(width, init)),
        }
    }
}

/// What gives a parser the vectors of tokens.
#[derive(Debug)]
pub enum TokenInput {
    /// A network of its own.
    Own(Box<dyn TokenVectors>),
    /// A listener.
    Listener(Box<dyn Listen>),
}
