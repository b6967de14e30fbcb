//! Whether one set of predictions is better than another one on the same documents.

mod bootstrap;
mod comparison;
mod documents;
mod entities;
mod randomization;

pub use bootstrap::Interval;
pub use comparison::{Comparison, ComparisonOptions, Significance, compare};
pub use documents::Predictions;
pub use entities::{EntityExample, Found};
