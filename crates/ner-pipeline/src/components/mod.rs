//! The trait of all components, the kinds that need no room of their own, and the list of components in a pipeline.

mod component;
mod forward_passes;
mod list;
mod shared_vectors;
mod upstream;
mod upstream_vectors;

mod sentencizer;
mod skipped;
mod tok2vec;
mod transformer;

pub use component::{Component, ComponentRecipe, Initialization, TutorOf};
pub use forward_passes::padded_passes;
pub(crate) use forward_passes::parsed_passes;
pub(crate) use list::Components;
pub(crate) use sentencizer::sentencizer;
pub(crate) use shared_vectors::SharedVectors;
pub use skipped::SkippedComponent;
pub use tok2vec::Tok2VecComponent;
pub(crate) use tok2vec::tok2vec;
pub use transformer::TransformerComponent;
pub(crate) use transformer::{curated_transformer, transformer};
pub(crate) use upstream::ByName;
pub use upstream_vectors::UpstreamVectors;
