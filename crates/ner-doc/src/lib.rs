#![doc = include_str!("../README.md")]

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
mod span;
mod tags;
mod token;

pub use alignment::{Alignment, TokenLinks};
pub use annotation::{Annotation, EntityAnnotation, LabelledSpan, Link};
pub use doc::Doc;
pub use entities::EntityUpdate;
pub use error::DocError;
pub use example::Example;
pub use offsets::{CharSpan, OffsetTags, biluo_tags_to_offsets, biluo_tags_to_spans, offsets_to_biluo_tags};
pub use sentencizer::Sentencizer;
pub use span::{Entity, SpanGroup, SpanRecord};
pub use tags::{BiluoTag, biluo_to_iob, iob_to_biluo, tags_to_entities};
pub use token::{EntIob, Syntax, Token};
