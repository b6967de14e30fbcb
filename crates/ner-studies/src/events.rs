use crate::RunOutcome;

/// A report of a study's progress.
#[derive(Clone, Debug, PartialEq)]
pub enum StudyEvent<'a> {
    /// Runs come next.
    Planned {
        /// All of them.
        n_runs: usize,
        /// Those that were finished in an earlier call, and are taken as they are.
        n_done: usize,
        /// Those that go on at the same time.
        n_side_by_side: usize,
    },
    /// A run begins, or goes on.
    Started {
        /// Its name.
        name: &'a str,
    },
    /// A run is finished and recorded.
    Finished {
        /// Its name.
        name: &'a str,
        /// What became of it.
        outcome: &'a RunOutcome,
        /// Runs that are finished.
        n_done: usize,
        /// All runs that were planned.
        n_runs: usize,
    },
    /// Something about the data or the study that is worth knowing.
    Remark(String),
}

/// A receiver of the reports of a study.
pub trait StudySink {
    /// Takes note of an event.
    fn event(&mut self, event: &StudyEvent<'_>);
}
