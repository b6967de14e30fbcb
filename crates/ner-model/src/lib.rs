#![doc = include_str!("../README.md")]

mod embed;
mod encode;
mod listeners;
mod token_vectors;
mod transformers;

mod parser;

mod pretraining;

mod thinc;

mod argument_checks;
mod error;
mod letters;
mod recipe;
mod registrations;
mod word_counts;

pub use embed::Embed;
pub use embed::distinct_words::DistinctWords;
pub use encode::known_words::KnownWords;
pub use encode::{Encode, EncodeStretch};
pub use error::ModelError;
pub use listeners::{Heard, Listen, ListenerRecipe, SharedGradient, SharedKind, SharedRows};
pub use ner_transformer::Precision;
pub use parser::state_gradient::{ParserGradients, StateGradient, VisitedState};
pub use parser::state_layers::StateLayers;
pub use parser::state_scorer::StateScorer;
pub use parser::transition_based_parser::TransitionBasedParser;
pub use parser::transition_model::TransitionModel;
pub use pretraining::cloze::Cloze;
pub use pretraining::head::{HeadGradients, PretrainingHead};
pub use pretraining::random_words::RandomWords;
pub use pretraining::{HiddenLayer, PretrainingObjective};
pub use recipe::Recipe;
pub use registrations::register;
pub use thinc::layer_tree::LayerTree;
pub use thinc::parameter::{Parameter, TakenWeights};
pub use thinc::python_layers::{PYTHON_LAYERS, needs_python_layers};
pub use token_vectors::TokenVectors;
pub use token_vectors::token_source::{TokenInput, TokenSource};
pub use transformers::{
    EncoderLoader, EncoderSources, ExtraAnnotations, PieceLoader, Preparation, TransformerRecipe,
};
pub use word_counts::WordCounts;
