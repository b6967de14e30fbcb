//! Documents, tokens, vocabulary, tags and alignment: what every other crate passes around.
//!
//! It knows text and annotation; it knows no files, no tensors and no rules of any language's tokeniser.
//!
//! ```
//! use std::sync::Arc;
//! use ner_doc::{Doc, Vocab};
//!
//! let vocab = Arc::new(Vocab::new("en").unwrap());
//! let doc = Doc::from_words(vocab, &["Ada", "Lovelace", "wrote"], &[true, true, false]);
//! assert_eq!(doc.text(), "Ada Lovelace wrote");
//! ```

mod doc;
mod lexeme;
mod strings;
mod vocab;

pub use doc::{Doc, EntIob, Entity, SpanGroup, SpanRecord, Syntax, Token};
pub use lexeme::{Lexeme, LexemeFlags};
pub use strings::{StringId, StringStore};
pub use vocab::Vocab;
