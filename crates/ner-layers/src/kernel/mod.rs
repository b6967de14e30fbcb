//! What layers do on a CPU, on plain numbers: one pass over blocks of rows that stay in the cache, with the widest
//! registers that the machine has. Results do not depend on the number of threads.

mod largest_pieces;
mod maxout_window;
mod maxout_window_backward;
mod packed_maxout;
mod packed_rows;
mod row_sums;
mod winograd;

pub(crate) use maxout_window::{MaxoutWindowKernel, Saved};
pub(crate) use maxout_window_backward::MaxoutWindowBackward;
pub(crate) use packed_maxout::{Filter, PackedMaxout};
pub(crate) use row_sums::{scatter_rows, sum_rows};
