//! Layers as one operation each on Burn's CPU backend, with their own backward passes.
//!
//! Composed of Burn's operations, a layer writes a matrix for each of them and autodiff keeps most of these; fused, it
//! walks once over blocks of rows that stay in the cache.

mod autodiff;
mod flex;
mod flex_tensor;
pub(crate) mod operations;
pub(crate) mod packed_weights;
