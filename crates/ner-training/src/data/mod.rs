//! The data of a run, looked at before its first step: counts, and rules that name what cannot succeed.

mod finding;
mod training_data;

pub use finding::Finding;
pub use training_data::TrainingData;
