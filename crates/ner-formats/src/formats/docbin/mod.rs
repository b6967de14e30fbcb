//! spaCy's `.spacy` files: documents as columns of ids, packed with MessagePack and zlib.
//!
//! A file is untrusted: what it claims is checked before memory is taken, and what it unpacks to is bounded.

mod columns;
mod doc_bin;
mod docs;
mod element;
mod error;
mod inflate;
mod span_groups;
mod strings;
mod unpack;
mod writer;

pub use doc_bin::DocBin;
pub use docs::Docs;
pub use error::DocBinError;
pub use writer::DocBinWriter;
