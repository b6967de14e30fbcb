//! A pipeline as files, in spaCy's own format.

pub(crate) mod directory;
pub(crate) mod files;
pub(crate) mod meta;
pub(crate) mod vocab;
