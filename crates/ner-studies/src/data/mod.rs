//! The corpora of a study, and how they are cut into samples, halves and folds.

mod corpora;
mod folds;
mod groups;
mod parts;
mod sample;

pub(crate) use corpora::{Corpora, Settings};
pub(crate) use folds::{Item, folds, missing};
pub use groups::GroupBy;
pub(crate) use groups::{group, texts_of_records};
pub(crate) use parts::Parts;
pub(crate) use sample::order;
