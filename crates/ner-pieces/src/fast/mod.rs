//! Hugging Face's fast tokenizers: spans of documents in one text each, aligned with tokens by characters.

mod alignment;
mod by_words;
mod doc_pieces;
mod encoded_text;
mod fast_tokenizer;
mod settings;
mod vocab_files;

pub use encoded_text::EncodedText;
pub use fast_tokenizer::FastTokenizer;
