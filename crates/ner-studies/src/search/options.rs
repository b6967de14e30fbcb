use std::path::PathBuf;

use crate::Seeds;

/// How trials are drawn and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Trials that are drawn, if the space has ranges.
    pub n_trials: usize,
    /// The seeds of each trial.
    pub seeds: Seeds,
    /// How far each trial is trained.
    pub strategy: Strategy,
    /// The corpora that each trial is run on, in place of that of the config.
    pub corpora: Vec<CorpusPaths>,
}

/// How far trials are trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Each to its end.
    Random,
    /// The better third of them goes on each time.
    Halving,
}

/// A corpus by its files, which take the places of `paths.train` and `paths.dev`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorpusPaths {
    /// A name for the table.
    pub name: String,
    /// To learn from.
    pub train: PathBuf,
    /// To choose and to measure by.
    pub dev: PathBuf,
}
