//! Annotated text as JSON Lines: one record a line, read whatever tool wrote it.
//!
//! A record has `text`, or `tokens`, or both. Its spans stand under `entities`, `spans`, `ents` or `label`, as
//! `[start, end, "LABEL"]` or as objects with `start`, `end` and `label`. Offsets count characters (code points) of
//! `text`, and tokens where there is no text. Prodigy's records have an `answer` too; see [`JsonlReader`].

mod answers;
mod error;
mod fit;
mod layout;
mod lines;
mod offset_unit;
mod offsets;
mod reader;
mod record;
mod report;
mod span;
mod writer;

pub use error::RecordError;
pub use lines::JsonLines;
pub(crate) use lines::utf8;
pub use offset_unit::OffsetUnit;
pub use reader::{JsonlReader, JsonlSettings};
pub use record::tokens_of;
pub use report::{Conflict, LabelCounts, Misfit, Report};
pub use span::TextSpan;
pub use writer::JsonlWriter;
