//! Vectors of tokens from rows of pieces, of which each token has any number.

pub(crate) mod reduce;
pub(crate) mod weighted_rows;
