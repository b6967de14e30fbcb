//! doccano's import and export: a text and a list of spans.

mod writer;

pub(crate) use writer::to_line;
