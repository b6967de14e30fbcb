//! The commands that learn from raw text alone.

pub(crate) mod pretrain;
pub(crate) mod train_vectors;
