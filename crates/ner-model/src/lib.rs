#![doc = include_str!("../README.md")]

mod character_embed;
mod hash_embed_cnn;
mod maxout_window_encoder;
mod mish_window_encoder;
mod multi_hash_embed;
mod recipe;
mod tok2vec;
mod tok2vec_listener;
mod token_source;
mod token_vectors;
mod torch_bilstm_encoder;
mod transition_based_parser;

mod distinct_words;
mod mixer;
mod static_vectors;
mod weight_limit;
mod window_encoder;
mod word_memory;

mod state_gradient;
mod state_layers;
mod state_scorer;
mod token_rows;

mod layer_tree;
mod parameter;

mod error;
mod registrations;

pub use distinct_words::DistinctWords;
pub use error::ModelError;
pub use layer_tree::LayerTree;
pub use parameter::{Parameter, TakenWeights};
pub use recipe::Recipe;
pub use registrations::register;
pub use state_gradient::{ParserGradients, StateGradient, VisitedState};
pub use state_layers::StateLayers;
pub use state_scorer::StateScorer;
pub use tok2vec::{Embed, Encode};
pub use tok2vec_listener::Tok2VecListener;
pub use token_source::TokenSource;
pub use token_vectors::TokenVectors;
pub use transition_based_parser::{TransitionBasedParser, TransitionModel};
pub use word_memory::KnownWords;
