use std::fmt::{self, Debug, Formatter};

use ner_layers::Init;

use crate::{ModelError, Preparation};

/// Makes a part with its first weights.
type Make<Part> = dyn Fn(&mut Init<'_>) -> Box<Part> + Send + Sync;

/// What is needed to make a part of a network: all but the weights.
pub struct Recipe<Part: ?Sized> {
    /// Length of the vectors that the part gives.
    pub width: usize,
    make: Box<Make<Part>>,
    prepare: Option<Box<Prepare>>,
}

/// Finds out what a part needs to be made that the config does not say.
type Prepare = dyn Fn(&Preparation<'_>) -> Result<(), ModelError> + Send + Sync;

impl<Part: ?Sized> Recipe<Part> {
    /// A recipe for a part that gives vectors of length `width`.
    pub fn new(
        width: usize,
        make: impl Fn(&mut Init<'_>) -> Box<Part> + Send + Sync + 'static,
    ) -> Recipe<Part> {
        Recipe { width, make: Box::new(make), prepare: None }
    }

    /// A recipe for a part whose sizes its pretrained encoder decides: `prepare` finds the encoder for the parts that are
    /// made afterwards. Until then, a part is made without.
    pub fn with_preparation(
        self,
        prepare: impl Fn(&Preparation<'_>) -> Result<(), ModelError> + Send + Sync + 'static,
    ) -> Recipe<Part> {
        Recipe { prepare: Some(Box::new(prepare)), ..self }
    }

    /// Whether a pretrained encoder decides the part's sizes.
    pub fn has_preparation(&self) -> bool {
        self.prepare.is_some()
    }

    /// Finds the pretrained encoder of the part, if it has one.
    ///
    /// # Errors
    /// If the encoder is not there, or is damaged.
    pub fn prepare(&self, preparation: &Preparation<'_>) -> Result<(), ModelError> {
        self.prepare.as_ref().map_or(Ok(()), |prepare| prepare(preparation))
    }

    /// Makes the part.
    pub fn make(&self, init: &mut Init<'_>) -> Box<Part> {
        (self.make)(init)
    }
}

impl<Part: ?Sized> Debug for Recipe<Part> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recipe").field("width", &self.width).finish_non_exhaustive()
    }
}
