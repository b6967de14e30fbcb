//! The kinds of components, and the list of them that a pipeline is.

pub(crate) mod component;
pub(crate) mod factories;
pub(crate) mod files;
pub(crate) mod ordered;
pub(crate) mod skipped;
pub(crate) mod tok2vec;
