use crate::optimizer::Optimizer;

/// A group and its optimiser.
#[derive(Debug)]
pub(crate) struct Member {
    /// The group; none of the default.
    pub(crate) group: Option<String>,
    pub(crate) optimizer: Box<dyn Optimizer>,
}
