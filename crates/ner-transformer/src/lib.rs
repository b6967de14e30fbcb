#![doc = include_str!("../README.md")]

mod activation;
mod dropout;
mod embeddings;
mod encoder;
#[cfg(feature = "flex")]
mod fused;
mod kernel;
mod layer;
#[cfg(feature = "flex")]
mod predict;
#[cfg(test)]
mod test_support;
mod windows;

pub use embeddings::Embeddings;
pub use encoder::{Encoder, Origin, Pass, Weight, WeightMut};
pub use layer::EncoderLayer;
