//! Distillation: a pipeline learns what others know, on raw text.

mod distill;
mod error;
mod lessons;
mod options;
mod teachers;

pub use distill::distill;
pub use error::DistillationError;
pub(crate) use lessons::{LessonOrigin, Lessons};
pub use options::DistillOptions;
