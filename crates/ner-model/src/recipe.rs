use std::fmt::{self, Debug, Formatter};

use ner_layers::Init;

/// Makes a part with its first weights.
type Make<Part> = dyn Fn(&mut Init<'_>) -> Box<Part> + Send + Sync;

/// What is needed to make a part of a network: all but the weights.
pub struct Recipe<Part: ?Sized> {
    /// Length of the vectors that the part gives.
    pub width: usize,
    make: Box<Make<Part>>,
}

impl<Part: ?Sized> Recipe<Part> {
    /// A recipe for a part that gives vectors of length `width`.
    pub fn new(
        width: usize,
        make: impl Fn(&mut Init<'_>) -> Box<Part> + Send + Sync + 'static,
    ) -> Recipe<Part> {
        Recipe { width, make: Box::new(make) }
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
