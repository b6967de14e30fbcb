//! Files of annotated text to documents, and back.
//!
//! It knows formats, not what documents are for: it makes no examples and no batches. It prints nothing either: losses
//! on the way are in a report, or are warned of.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//! use ner_vocab::Vocab;
//! use ner_formats::docbin::{DocBin, DocBinWriter};
//! use ner_formats::jsonl::{JsonlReader, JsonlSettings};
//! use ner_tokenizer::Tokenizer;
//!
//! let tokenizer = Tokenizer::for_language(Arc::new(Vocab::new("en").ok_or("no language code")?))?;
//! let lines = br#"{"text": "Ada met Bob.", "entities": [[0, 3, "PERSON"], [8, 11, "PERSON"]]}"#;
//! let reader = JsonlReader::new(&lines[..], Path::new("people.jsonl"), &tokenizer, JsonlSettings::default());
//!
//! let mut writer = DocBinWriter::new();
//! for doc in reader {
//!     writer.add(&doc?);
//! }
//! let mut bytes = Vec::new();
//! writer.write(&mut bytes, Path::new("people.spacy"))?;
//!
//! let docs: Result<Vec<_>, _> =
//!     DocBin::from_bytes(&bytes, Path::new("people.spacy"))?.into_docs(tokenizer.vocab().clone()).collect();
//! assert_eq!(docs?[0].entities()?.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod docbin;
pub mod jsonl;

pub mod convert;

mod read;

mod error;
mod place;
mod text_lines;

pub use error::FormatError;
pub use place::Place;
pub use read::{Docs, READABLE, read_docs};
pub use text_lines::TextLines;
