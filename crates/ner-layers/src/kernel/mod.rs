//! What layers do on a CPU, on plain numbers: one pass over blocks of rows that stay in the cache, with the widest
//! registers that the machine has. Blocks do not depend on the number of threads, and neither do results.

#[cfg(feature = "flex")]
mod aligned;
#[cfg(feature = "flex")]
mod blocks;
#[cfg(feature = "flex")]
mod maxout_window;
#[cfg(feature = "flex")]
mod maxout_window_backward;
#[cfg(feature = "flex")]
mod norm;
#[cfg(feature = "flex")]
mod packed_maxout;
#[cfg(feature = "flex")]
mod row_sums;
mod weighted_rows;

pub(crate) use maxout_window::{MaxoutWindowKernel, Saved};
pub(crate) use maxout_window_backward::MaxoutWindowBackward;
pub(crate) use packed_maxout::PackedMaxout;
pub(crate) use row_sums::{scatter_rows, sum_rows};
pub use weighted_rows::{WeightedRow, add_weighted_rows};
