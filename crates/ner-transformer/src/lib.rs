#![doc = include_str!("../README.md")]

mod dropout;
mod embeddings;
mod encoder;
#[cfg(feature = "flex")]
mod fused;
#[cfg(feature = "flex")]
mod kernel;
mod layer;
mod layer_tensors;
mod memory;
#[cfg(feature = "flex")]
mod packed_layers;
mod precision;
#[cfg(feature = "flex")]
mod predict;
mod shape;
#[cfg(all(test, feature = "flex"))]
mod test_support;

pub use embeddings::Embeddings;
pub use encoder::{Encoder, Origin, Pass, Weight, WeightMut};
pub use layer::EncoderLayer;
pub use precision::Precision;
