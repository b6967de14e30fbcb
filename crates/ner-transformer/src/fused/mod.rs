//! A layer as one operation on Burn's CPU backend, with its own backward pass.

mod autodiff;
mod flex;
pub(crate) mod operations;
