//! Token vectors from pretrained encoders: spacy-transformers' and spacy-curated-transformers'.

mod curated_arguments;
mod curated_config;
mod curated_network;
mod curated_pieces;
mod encoder_weights;
mod hugging_face_network;
mod hugging_face_source;
mod joined_rows;
mod loaders;
pub(crate) mod preparation;
mod registrations;
mod span_getters;
mod tok2vec_transformer;
pub(crate) mod transformer_model;

pub use loaders::{EncoderLoader, PieceLoader};
pub use preparation::{EncoderSources, Preparation};
pub(crate) use registrations::register;
pub use span_getters::ExtraAnnotations;
pub use transformer_model::TransformerRecipe;
