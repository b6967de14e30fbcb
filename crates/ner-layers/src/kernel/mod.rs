//! What layers do on a CPU, on plain numbers: one pass over blocks of rows that stay in the cache, with the widest
//! registers that the machine has. Results do not depend on the number of threads.

pub(crate) mod filter;
pub(crate) mod gather_scatter;
pub(crate) mod largest_pieces;
pub(crate) mod packed_maxout;
mod packed_rows;
pub(crate) mod window_backward;
pub(crate) mod window_forward;
pub(crate) mod window_rows;
mod winograd;
