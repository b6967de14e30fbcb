//! Distillation: a pipeline learns what others know, on raw text.

mod distill;
mod error;
mod lessons;
mod teachers;

pub use distill::{DistillOptions, distill};
pub use error::DistillationError;
pub(crate) use lessons::{LessonOrigin, Lessons};
