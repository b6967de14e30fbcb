#![doc = include_str!("../README.md")]

mod modules;

mod host;

#[cfg(feature = "flex")]
mod fused;
#[cfg(feature = "flex")]
mod kernel;

#[cfg(test)]
mod test_support;

pub use host::blocks::for_each_block_with;
pub use host::centres::Centres;
pub use host::largest_sums::largest_sums;
pub use host::mask::Mask;
pub use host::product::{Output, PackedMatrix, Rows, Start, Strips};
pub use host::seeds::Seeds;
pub use host::weighted_rows::{add_outer_product, add_vector_times_matrix};
pub use modules::bi_lstm::{BiLstm, BiLstmLayer, Lstm};
pub use modules::byte_embed::ByteEmbed;
pub use modules::dropout::Mode;
pub use modules::hash_embed::HashEmbed;
pub use modules::init::Init;
pub use modules::layer_norm::LayerNorm;
pub use modules::linear::Linear;
pub use modules::maxout::Maxout;
pub use modules::maxout_window::{MaxoutWindow, expand_window};
pub use modules::mish::Mish;
pub use modules::precomputable_affine::PrecomputableAffine;
pub use modules::ragged::reduce::{RaggedRows, Reduce};
pub use modules::ragged::weighted_rows::WeightedRows;
pub use modules::rows::sums::RowSums;
pub use modules::rows::table::Table;
pub use modules::to_vec;
pub use modules::window_shares::WindowShares;
