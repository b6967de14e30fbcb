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

mod modules;

mod host;

#[cfg(feature = "flex")]
mod fused;
#[cfg(feature = "flex")]
mod kernel;

#[cfg(test)]
mod test_support;

pub use host::centres::Centres;
pub use host::largest_sums::largest_sums;
pub use host::mask::Mask;
pub use host::product::{PackedMatrix, Rows};
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
pub use modules::row_sums::RowSums;
pub use modules::to_vec;
pub use modules::window_shares::WindowShares;
