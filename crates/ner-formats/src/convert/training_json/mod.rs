//! spaCy's training JSON: a list of documents, whose paragraphs are the documents of today.

mod input;
mod paragraph;
mod reader;
mod writer;

pub(super) use reader::convert;
pub(super) use writer::{Paragraph, TrainingDocument};
