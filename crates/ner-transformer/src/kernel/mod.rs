//! Layers on plain slices: what is one operation on Burn's CPU backend.

#[cfg(feature = "flex")]
pub(crate) mod attention;
#[cfg(feature = "flex")]
pub(crate) mod backward;
#[cfg(feature = "flex")]
pub(crate) mod embed;
#[cfg(feature = "flex")]
pub(crate) mod forward;
#[cfg(feature = "flex")]
pub(crate) mod norm;
pub(crate) mod numeric;
pub(crate) mod shape;
#[cfg(feature = "flex")]
pub(crate) mod weights;
