//! The layers that Burn lacks: hash embedding, maxout, mish, layer normalisation as Thinc does it, token windows,
//! bidirectional LSTMs, dropout with a seeded generator, and the precomputed affine layer of transition-based parsers.
//!
//! They are Burn modules and know tensors and numbers, not text. Initial weights and dropout masks are drawn from
//! NumPy's generator in Thinc's order, so a seed gives the weights that it gives in spaCy.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use ner_layers::{Init, Maxout};
//! use ner_cpython::NumpyRandom;
//!
//! let device = Device::flex();
//! let maxout = Maxout::init(8, 3, 4, &mut Init::random(&mut NumpyRandom::new(0), &device));
//! let output = maxout.forward(Tensor::ones([5, 4], &device));
//! assert_eq!(output.dims(), [5, 8]);
//! ```

mod bi_lstm;
mod byte_embed;
mod centres;
mod dropout;
mod hash_embed;
mod host;
mod init;
mod largest_sums;
mod layer_norm;
mod linear;
mod maxout;
mod maxout_window;
mod mish;
mod norm;
mod precomputable_affine;
mod row_gradient;
mod row_sums;
mod window;
mod window_shares;

mod aligned;
mod blocks;
#[cfg(feature = "flex")]
mod fused;
#[cfg(feature = "flex")]
mod kernel;
mod product;
mod registers;
mod weighted_rows;

#[cfg(test)]
mod gradients;

pub use bi_lstm::{BiLstm, BiLstmLayer, Lstm};
pub use byte_embed::ByteEmbed;
pub use centres::Centres;
pub use dropout::{Mask, Mode};
pub use hash_embed::HashEmbed;
pub use host::to_vec;
pub use init::Init;
pub use largest_sums::largest_sums;
pub use layer_norm::LayerNorm;
pub use linear::Linear;
pub use maxout::Maxout;
pub use maxout_window::MaxoutWindow;
pub use mish::Mish;
pub use precomputable_affine::PrecomputableAffine;
pub use product::{PackedMatrix, Rows};
pub use row_sums::RowSums;
pub use weighted_rows::{add_outer_product, add_vector_times_matrix};
pub use window::expand_window;
pub use window_shares::WindowShares;
