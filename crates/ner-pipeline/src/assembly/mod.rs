//! From the blocks of a config to components, with weights and labels still to come.

mod assemble;
mod load_options;
mod nlp_functions;

pub(crate) use assemble::{Assembly, check_tokenizer, is_registered_tokenizer, unknown_factory};
pub use load_options::LoadOptions;
pub(crate) use nlp_functions::{tokenizer, vectors};
