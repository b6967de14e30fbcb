//! Corpus files to documents and examples, and back.
//!
//! It knows formats and where files lie. It makes no batches, and it prints nothing: what is lost on the way is in a
//! report, or is warned of.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//! use ner_corpus::docbin::{DocBin, DocBinWriter};
//! use ner_corpus::jsonl::{JsonlReader, JsonlSettings};
//! use ner_doc::Vocab;
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

pub mod augment;
pub mod reader;

mod error;
mod registrations;
pub mod storage;

pub use error::{CorpusError, Place};
pub use registrations::register;
