//! CoNLL-U: ten columns with syntax, entities in the last one.

mod doc;
mod line;
mod ranges;
mod reader;
mod word;

pub(super) use reader::convert;
