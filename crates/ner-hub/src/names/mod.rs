//! What the weights of an encoder are called, in Hugging Face's files and in those of curated transformers.

mod convert;
mod curated;
mod encoder_names;
mod hugging_face;
mod weight;

pub use convert::{from_curated, to_curated};
pub use encoder_names::{AttentionInput, EncoderNames, LayerNames};
pub use weight::Weight;
