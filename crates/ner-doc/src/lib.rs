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

mod alignment;
mod annotation;
mod attributes;
mod doc;
mod entities;
mod error;
mod example;
mod flags;
mod languages;
mod lexeme;
mod morphology;
mod murmur;
mod numbers;
mod offsets;
mod sentences;
mod sentencizer;
mod shape;
mod strings;
mod symbols;
mod tags;
mod unicode;
mod url;
mod vector_files;
mod vectors;
mod vocab;

pub use alignment::{Alignment, TokenLinks};
pub use annotation::{Annotation, EntityAnnotation, LabelledSpan, Link};
pub use attributes::Attribute;
pub use doc::{Doc, EntIob, Entity, SpanGroup, SpanRecord, Syntax, Token};
pub use entities::EntityUpdate;
pub use error::DocError;
pub use example::Example;
pub use flags::LexemeFlags;
pub use lexeme::Lexeme;
pub use offsets::{CharSpan, OffsetTags, biluo_tags_to_offsets, biluo_tags_to_spans, offsets_to_biluo_tags};
pub use sentencizer::Sentencizer;
pub use strings::{StringId, StringStore};
pub use tags::{BiluoTag, biluo_to_iob, iob_to_biluo, tags_to_entities};
pub use unicode::{is_space, lower};
pub use vector_files::VectorFiles;
pub use vectors::{FloretSettings, Vectors};
pub use vocab::Vocab;
