//! A new pipeline of a config, with what it takes from other pipelines: components, tokenizer, vocabulary, vectors.

mod base_model;
mod create;
mod encoder_sources;
mod origin;
mod own_vectors;
mod sourced;
