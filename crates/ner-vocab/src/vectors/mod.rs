//! Word vectors: the table, the ways from a word to its rows, and spaCy's files of it; tables that others publish.

mod files;
mod floret;
mod table;

mod distinct;
mod nearest;
mod prune;
mod published;

pub use distinct::RowCounts;
pub use files::VectorFiles;
pub use floret::FloretSettings;
pub use published::{PublishedVectors, ReadOptions, VectorFileError, Words};
pub use table::Vectors;
