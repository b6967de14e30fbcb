//! Documents, tokens, entities, tags and alignment: what every other crate passes around.
//!
//! It knows text and annotation; it knows no files, no tensors and no rules of any language's tokenizer.
//!
//! ```
//! use std::sync::Arc;
//! use ner_doc::Doc;
//! use ner_vocab::Vocab;
//!
//! let vocab = Arc::new(Vocab::new("en").unwrap());
//! let doc = Doc::from_words(vocab, &["Ada", "Lovelace", "wrote"], &[true, true, false]);
//! assert_eq!(doc.text(), "Ada Lovelace wrote");
//! ```

mod alignment;
mod annotation;
mod doc;
mod entities;
mod error;
mod example;
mod features;
mod morphology;
mod offsets;
mod sentences;
mod sentencizer;
mod tags;

pub use alignment::{Alignment, TokenLinks};
pub use annotation::{Annotation, EntityAnnotation, LabelledSpan, Link};
pub use doc::{Doc, EntIob, Entity, SpanGroup, SpanRecord, Syntax, Token};
pub use entities::EntityUpdate;
pub use error::DocError;
pub use example::Example;
pub use offsets::{CharSpan, OffsetTags, biluo_tags_to_offsets, biluo_tags_to_spans, offsets_to_biluo_tags};
pub use sentencizer::Sentencizer;
pub use tags::{BiluoTag, biluo_to_iob, iob_to_biluo, tags_to_entities};
