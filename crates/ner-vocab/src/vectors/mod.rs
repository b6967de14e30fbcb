//! Word vectors: the table, the ways from a word to its rows, and spaCy's files of it.

mod files;
mod floret;
mod table;

pub use files::VectorFiles;
pub use floret::FloretSettings;
pub use table::Vectors;
