//! Matrices made of rows of other ones.

pub(crate) mod gradient;
pub(crate) mod sums;
pub(crate) mod table;
