//! Each document predicted by a pipeline that has not learned from it.

mod report;
mod validate;

pub use report::{CrossValidation, FoldReport, LabelReport};
pub use validate::{CrossValidationOptions, cross_validate};
