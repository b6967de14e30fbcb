//! Text to [`Doc`](ner_doc::Doc) by spaCy's tokenisation rules.
//!
//! Rules are data: the file `tokenizer` of any spaCy pipeline is read and written, and English is built in. The crate
//! does not know what tokens are for, and reads no files.
//!
//! ```
//! use std::sync::Arc;
//! use ner_vocab::Vocab;
//! use ner_tokenizer::Tokenizer;
//!
//! let vocab = Arc::new(Vocab::new("en").expect("English is known"));
//! let tokenizer = Tokenizer::for_language(vocab)?;
//! let doc = tokenizer.tokenize("Ada didn't live in the U.S.")?;
//! let words: Vec<&str> = doc.tokens.iter().map(|token| token.text()).collect();
//! assert_eq!(words, ["Ada", "did", "n't", "live", "in", "the", "U.S."]);
//! # Ok::<(), ner_tokenizer::TokenizerError>(())
//! ```

mod affixes;
mod error;
mod explain;
mod language;
mod pattern;
mod phrases;
mod pool;
mod rules;
mod rules_file;
mod runs;
mod short_text;
mod special_case;
mod tokenizer;
mod words;

pub use error::TokenizerError;
pub use explain::Rule;
pub use special_case::SpecialToken;
pub use tokenizer::Tokenizer;
