//! `ner init`: what training begins with.

pub(crate) mod config;
pub(crate) mod fill_config;
pub(crate) mod labels;
pub(crate) mod vectors;
