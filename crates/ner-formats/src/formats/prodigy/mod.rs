//! Prodigy's import and export: complete annotation of a text, and answers to questions about single spans of it.

mod writer;

pub(crate) use writer::ProdigyWriter;
