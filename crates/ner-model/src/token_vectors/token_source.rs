use crate::{Recipe, Tok2VecListener, TokenVectors};

/// Where a component gets its token vectors: the product of every architecture of token vectors.
#[derive(Debug)]
pub enum TokenSource {
    /// From a network of its own.
    Own(Recipe<dyn TokenVectors>),
    /// From another component.
    Listener(Tok2VecListener),
}

impl TokenSource {
    /// Length of the vectors.
    pub fn width(&self) -> usize {
        match self {
            TokenSource::Own(recipe) => recipe.width,
            TokenSource::Listener(listener) => listener.width,
        }
    }
}
