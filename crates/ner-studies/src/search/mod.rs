//! Trials: configs that differ in a few values, ranked by their scores.

mod draw;
mod fields;
mod halving;
mod options;
mod report;
mod space;
mod study;
mod trials;

pub use options::{CorpusPaths, SearchOptions, Strategy};
pub use report::{SearchReport, TrialReport};
pub use space::{Range, Space};
pub use study::search;
