//! The weights of an encoder, out of the files that Hugging Face's library writes.

mod check;
mod checkpoint;
mod checkpoint_name;
mod pytorch;
mod safetensors;

pub use check::check_weights;
pub(crate) use checkpoint::Checkpoint;
pub use checkpoint_name::base_name;
