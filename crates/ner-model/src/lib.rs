//! The named architectures of spaCy's recogniser, as Burn networks: token vectors, and the layers that score actions.
//!
//! A block of a config becomes a recipe, and a recipe with a generator becomes a network with its first weights. It
//! knows tokens and tensors; it takes no decision about entities, and it touches no file.
//!
//! ```
//! use burn::tensor::Device;
//! use ner_config::{Kind, Registry, ResolvedConfig};
//! use ner_layers::Init;
//! use ner_model::TokenSource;
//! use ner_cpython::NumpyRandom;
//!
//! let mut registry = Registry::new();
//! ner_model::register(&mut registry);
//! let config = ResolvedConfig::from_cfg_str(
//!     "[model]\n@architectures = spacy.HashEmbedCNN.v2\nwidth = 32\ndepth = 2\nembed_size = 200\n\
//!      window_size = 1\nmaxout_pieces = 3\nsubword_features = true\npretrained_vectors = null\n",
//! )?;
//! let source: TokenSource = registry.build(Kind::Architectures, &config.block("model")?)?;
//! let TokenSource::Own(recipe) = source else { panic!("the block names a network") };
//! let mut tok2vec = recipe.make(&mut Init::random(&mut NumpyRandom::new(0), &Device::flex()));
//! assert_eq!(tok2vec.width(), 32);
//! assert_eq!(tok2vec.parameters_mut().len(), 4 + 4 + 2 * 4);
//! # Ok::<(), ner_config::ConfigError>(())
//! ```

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
