//! Pretraining of the token vectors that components share.

mod layer;
mod update;

pub use layer::PretrainedLayer;
pub use update::Pretraining;
