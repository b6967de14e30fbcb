//! Calculation on plain slices of numbers, without Burn: what kernels share, and what runs on the host on every device.

pub(crate) mod aligned;
pub(crate) mod blocks;
pub(crate) mod centres;
pub(crate) mod largest_sums;
pub(crate) mod mask;
pub(crate) mod normalisation;
pub(crate) mod product;
pub(crate) mod registers;
pub(crate) mod seeds;
pub(crate) mod weighted_rows;
