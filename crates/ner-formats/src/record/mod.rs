//! Annotated text as most formats have it: a text or words, and spans of it. Formats make records; here they become
//! documents, with an account of what did not fit.

mod annotate;
mod answers;
mod counting;
mod decisions;
mod docs;
mod error;
mod fit;
mod layout;
mod raw;
mod span;
mod spans;
mod unannotated;

pub(crate) use counting::Utf16Text;
pub use counting::{OffsetChoice, OffsetUnit, Offsets};
pub(crate) use docs::{RecordDocs, RecordSettings};
pub use error::RecordError;
pub(crate) use raw::{Answer, Bounds, RawSpan, Record, RecordIter};
pub use span::TextSpan;
pub(crate) use span::is_same_text;
