//! How spans count: units, departures from them, and what all spans of a file say of it.

mod auto_offsets;
mod hypotheses;
mod offset_unit;
mod offsets;
mod text_index;
mod utf16_text;

pub(super) use auto_offsets::{choose_offsets, weigh};
pub(super) use hypotheses::Hypotheses;
pub use offset_unit::OffsetUnit;
pub use offsets::{OffsetChoice, Offsets};
pub(super) use text_index::TextIndex;
pub(crate) use utf16_text::Utf16Text;
