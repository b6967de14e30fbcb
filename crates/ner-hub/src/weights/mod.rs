//! The weights of an encoder, out of the files that Hugging Face's library writes.

mod check;
mod checkpoint;
mod checkpoint_name;
mod pytorch;
mod safetensors;

pub use check::check_weights;
pub(crate) use checkpoint::Checkpoint;
#[cfg(feature = "download")]
pub(crate) use checkpoint::shards;
pub use checkpoint_name::base_name;

use std::path::Path;

use indexmap::IndexMap;
use ner_thinc::Array;

use crate::{EncoderConfig, HubError};

/// Reads the weights of an encoder with these settings from a file, `.safetensors` or what `torch.save` wrote, or from the
/// index of several. They get the names of the base model, in PyTorch's order.
///
/// # Errors
/// If they cannot be read, or do not fit the settings; all that is missing or has another shape is told at once.
pub fn read_weights(path: &Path, config: &EncoderConfig) -> Result<IndexMap<String, Array>, HubError> {
    Checkpoint::at(path).read(config).map_err(|error| error.in_file(path))
}
