//! Commands that make many runs, or compare what came out of them.

mod study;
mod tables;

pub(crate) mod compare;
pub(crate) mod cross_validate;
pub(crate) mod search;
pub(crate) mod train_curve;

pub(crate) use study::StudyArgs;
