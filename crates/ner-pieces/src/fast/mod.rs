//! Hugging Face's fast tokenizers: spans of documents in one text each, aligned with tokens by characters.

mod alignment;
mod by_words;
mod fast_tokenizer;
mod pieces;
mod settings;
mod vocab_files;

pub use fast_tokenizer::{EncodedText, FastTokenizer};
