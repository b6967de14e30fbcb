//! Layers on plain slices: what is one operation on Burn's CPU backend.

pub(crate) mod activation;
pub(crate) mod attention;
pub(crate) mod backward;
mod brain;
pub(crate) mod embed;
pub(crate) mod forward;
mod narrow;
pub(crate) mod norm;
pub(crate) mod numeric;
mod quantized;
pub(crate) mod weights;
pub(crate) mod windows;
