//! Token vectors from pretrained encoders: spacy-transformers' and spacy-curated-transformers'.

pub(crate) mod curated_arguments;
pub(crate) mod curated_config;
mod curated_network;
pub(crate) mod curated_pieces;
mod encoder_weights;
mod hugging_face_network;
mod hugging_face_source;
mod joined_rows;
mod loaders;
pub(crate) mod preparation;
pub(crate) mod span_getters;
pub(crate) mod tok2vec_transformer;
pub(crate) mod transformer_model;

pub(crate) use loaders::register as register_loaders;
pub use loaders::{EncoderLoader, PieceLoader};
pub use preparation::{EncoderSources, Preparation};
pub use span_getters::ExtraAnnotations;
pub use transformer_model::TransformerRecipe;
