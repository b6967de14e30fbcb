//! Training examples from the files that a config names.
//!
//! Readers turn documents of any format of [`ner_formats`] into examples, and augmenters change these as they are read.
//! The crate makes no batches, and it prints nothing.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use ner_corpus::reader::{Corpus, ExampleSource};
//! use ner_vocab::Vocab;
//! use ner_cpython::PythonRandom;
//! use ner_tokenizer::Tokenizer;
//!
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("people.iob");
//! std::fs::write(&file, "Ada|B-PERSON met|O Bob|B-PERSON .|O\n")?;
//!
//! let tokenizer = Tokenizer::for_language(Arc::new(Vocab::new("en").ok_or("no language code")?))?;
//! let (corpus, random) = (Corpus::new(file, "paths.train"), Mutex::new(PythonRandom::new(0)));
//! let examples: Result<Vec<_>, _> = corpus.examples(&tokenizer, &random).collect();
//! assert_eq!(examples?[0].reference.entities()?.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod augment;
pub mod reader;

mod error;
mod registrations;

pub use error::{AugmentError, CorpusError};
pub use registrations::register;
