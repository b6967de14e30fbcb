//! Thinc's model file: a tree of named layers with dimensions, references, attributes and parameters.
//!
//! It knows MessagePack and the order in which Thinc numbers layers; it computes nothing and knows no tensors.
//! The file stores no tree: a reader builds the tree that the config describes and finds the layers of the file in it.
//!
//! ```
//! use ner_thinc::{chain, Array, Layer, ModelFile};
//!
//! let maxout = Layer::new("maxout").dim("nO", 1).dim("nI", 2).dim("nP", 1);
//! let maxout = maxout.param("W", Array::new(vec![1, 1, 2], vec![0.5, -0.5])?);
//! let norm = Layer::new("layernorm").dim("nI", 1).dim("nO", 1).param("G", Array::new(vec![1], vec![1.0])?);
//! let tree = chain([maxout.into(), norm.into()]).into();
//!
//! let bytes = ModelFile::from_layers(&tree)?.to_bytes();
//! let file = ModelFile::from_bytes(&bytes)?;
//! file.check(&tree)?;
//! assert_eq!(file.nodes[0].name, "maxout>>layernorm");
//! assert_eq!(file.nodes[1].array("W")?.data(), [0.5, -0.5]);
//! # Ok::<(), ner_thinc::ThincError>(())
//! ```

mod array;
mod attr;
mod combinators;
mod decode;
mod encode;
mod error;
mod layer;
mod model_file;
mod msgpack;
mod torch;

pub use array::Array;
pub use attr::Attr;
pub use combinators::{chain, concatenate, residual, with_array, with_padded};
pub use error::ThincError;
pub use layer::Layer;
pub use model_file::{ModelFile, Node};
pub use torch::TorchState;
