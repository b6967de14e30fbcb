#![doc = include_str!("../README.md")]

mod array;
mod attr;
mod combinators;
mod decode;
mod encode;
mod error;
mod float_type;
mod layer;
mod model_file;
mod msgpack;
mod torch;

pub use bytes::Bytes;

pub use array::Array;
pub use attr::Attr;
pub use combinators::{chain, concatenate, residual, with_array, with_padded};
pub use error::ThincError;
pub use float_type::FloatType;
pub use layer::Layer;
pub use model_file::{ModelFile, Node};
pub use torch::{ShimSettings, TorchShim, TorchState};
