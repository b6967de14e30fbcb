use ner_layers::Init;

use crate::{Listen, ListenerRecipe, Recipe, TokenVectors};

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
