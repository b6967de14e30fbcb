#![doc = include_str!("../README.md")]

mod compare;
mod cross_validation;
mod search;
mod train_curve;

mod runner;
mod seeds;

mod data;
mod run;

mod error;
mod events;
mod spread;

pub use compare::{
    Comparison, ComparisonOptions, EntityExample, Found, Interval, Predictions, Significance, compare,
};
pub use cross_validation::{
    CrossValidation, CrossValidationOptions, FoldReport, LabelReport, cross_validate,
};
pub use data::GroupBy;
pub use error::StudyError;
pub use events::{StudyEvent, StudySink};
pub use run::{RunOutcome, RunScores};
pub use runner::Runner;
pub use search::{CorpusPaths, Range, SearchOptions, SearchReport, Space, Strategy, TrialReport, search};
pub use seeds::{SeedScores, Seeds, SeedsReport};
pub use spread::Spread;
pub use train_curve::{CurvePoint, Extrapolation, TrainCurve, train_curve};
