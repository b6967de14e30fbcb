//! Annotated text as most formats have it: a text or words, and spans of it. Formats make records; here they become
//! documents, with an account of what did not fit.

mod annotate;
mod answers;
mod auto_offsets;
mod decisions;
mod docs;
mod error;
mod fit;
mod hypotheses;
mod layout;
mod offset_unit;
mod offsets;
mod raw;
mod span;
mod spans;
mod text_index;
mod unannotated;
mod utf16_text;

pub use docs::INCORRECT_SPANS;
pub(crate) use docs::{RecordDocs, RecordIter, RecordSettings};
pub use error::RecordError;
pub use offset_unit::OffsetUnit;
pub use offsets::{OffsetChoice, Offsets};
pub(crate) use raw::{Answer, Bounds, RawSpan, Record};
pub use span::TextSpan;
pub(crate) use span::is_same_text;
pub(crate) use utf16_text::Utf16Text;
