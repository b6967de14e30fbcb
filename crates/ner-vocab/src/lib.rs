//! Words without their context: the ids of strings, lexical features, languages' word lists, and word vectors.
//!
//! It knows no documents, no annotation and no rules of any language's tokenizer.
//!
//! ```
//! use ner_vocab::{LexemeFlags, StringId, Vocab};
//!
//! let vocab = Vocab::new("en").unwrap();
//! let london = vocab.lexeme("London");
//! assert_eq!(london.orth, StringId(5392354317538386956));
//! assert_eq!(london.shape, StringId::of("Xxxxx"));
//! assert!(london.flags.contains(LexemeFlags::IS_TITLE));
//! ```

mod attribute;
mod error;
mod features;
mod strings;
mod vectors;
mod vocab;

pub use attribute::Attribute;
pub use error::VocabError;
pub use features::{Lexeme, LexemeFlags};
pub use strings::{StringId, StringStore};
pub use vectors::{FloretSettings, VectorFiles, Vectors};
pub use vocab::Vocab;
