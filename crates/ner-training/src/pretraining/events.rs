use std::path::PathBuf;

use crate::ConfigChange;

/// A report of a pretraining, in numbers and names; its receiver lays it out.
#[derive(Clone, Debug, PartialEq)]
pub enum PretrainingEvent {
    /// A pretraining begins where one was to be resumed, and there is none, in this directory.
    NothingToResume(PathBuf),
    /// A pretraining begins, and takes the place of one that has left this checkpoint, which could be resumed.
    NotResumed(PathBuf),
    /// A pretraining goes on.
    Resuming {
        /// The epoch, from 0.
        epoch: usize,
        /// The number of its next step, from 0.
        step: usize,
        /// What its config has changed since it was begun.
        changes: Vec<ConfigChange>,
    },
    /// Weights of an earlier pretraining were loaded.
    Resumed {
        /// The file.
        path: PathBuf,
        /// The epoch that comes next.
        epoch: usize,
    },
    /// The first step comes next.
    Started {
        /// The first epoch, from 0.
        epoch: usize,
        /// After how many epochs the weights are saved, if not after each.
        n_save_epoch: Option<usize>,
    },
    /// So many words more were learned from.
    Row(PretrainingRow),
    /// The last weights are saved, since the pretraining was interrupted.
    Interrupted {
        /// The file; `None` if none was to be written.
        path: Option<PathBuf>,
    },
}

/// The figures of a pretraining after some words.
#[derive(Clone, Debug, PartialEq)]
pub struct PretrainingRow {
    /// The epoch, from 0.
    pub epoch: usize,
    /// Words that were learned from in all epochs.
    pub words: usize,
    /// The sum of all losses.
    pub loss: f64,
    /// The sum since the row before.
    pub recent_loss: f64,
    /// Words a second since the row before.
    pub words_per_second: f64,
}
