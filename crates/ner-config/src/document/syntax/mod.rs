//! The syntaxes of a document.

pub(crate) mod cfg;
pub(crate) mod dump;
pub(crate) mod json;
pub(crate) mod sections;
pub(crate) mod toml;
pub(crate) mod variables;
