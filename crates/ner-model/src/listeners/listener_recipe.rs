use std::fmt::{self, Debug, Formatter};

use ner_layers::Init;

use super::{Listen, SharedKind};

/// Makes a listener for rows of some width.
type Make = dyn Fn(usize, &mut Init<'_>) -> Box<dyn Listen> + Send + Sync;

/// What is needed to make a listener: all but the weights, and the width where only the component that shares knows it.
pub struct ListenerRecipe {
    /// Name of the component that shares, `*` for the nearest one before.
    pub upstream: String,
    /// Length of the vectors; `None` if it is that of the shared rows, whatever that is.
    pub width: Option<usize>,
    /// The kind of rows that it takes.
    pub kind: SharedKind,
    make: Box<Make>,
}

impl ListenerRecipe {
    /// A recipe for a listener that `make` makes, given the length of the rows.
    pub fn new(
        upstream: impl Into<String>,
        width: Option<usize>,
        kind: SharedKind,
        make: impl Fn(usize, &mut Init<'_>) -> Box<dyn Listen> + Send + Sync + 'static,
    ) -> ListenerRecipe {
        ListenerRecipe { upstream: upstream.into(), width, kind, make: Box::new(make) }
    }

    /// Makes the listener.
    pub fn make(&self, width: usize, init: &mut Init<'_>) -> Box<dyn Listen> {
        (self.make)(width, init)
    }
}

impl Debug for ListenerRecipe {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let ListenerRecipe { upstream, width, kind, .. } = self;
        let mut debug = formatter.debug_struct("ListenerRecipe");
        debug.field("upstream", upstream).field("width", width).field("kind", kind).finish_non_exhaustive()
    }
}

/// What `upstream` of a listener's block is unless it says otherwise.
pub(super) fn any_upstream() -> String {
    "*".to_owned()
}

/// What `grad_factor` is unless the block says otherwise.
pub(super) fn full_gradient() -> f64 {
    1.0
}
