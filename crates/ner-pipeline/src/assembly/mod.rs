//! From the blocks of a config to components, with weights and labels still to come.

mod assemble;
mod load_options;
mod nlp_functions;

pub(crate) use assemble::{
    Assembly, first_vectors, is_registered_tokenizer, tokenizer_source, unknown_factory,
};
pub use load_options::LoadOptions;
pub(crate) use nlp_functions::{chinese_tokenizer, tokenizer, vectors};
