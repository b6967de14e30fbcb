//! spaCy's `.spacy` files: documents as columns of ids, packed with MessagePack and zlib.
//!
//! A file is untrusted: what it claims is checked before memory is taken, and what it unpacks to is bounded.

mod docs;
mod inflate;
mod problem;
mod span_groups;
mod strings;
mod unpack;
mod writer;

pub use docs::Docs;
pub use problem::DocBinProblem;
pub use unpack::DocBin;
pub use writer::DocBinWriter;
