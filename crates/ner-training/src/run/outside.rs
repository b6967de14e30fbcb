use std::time::Instant;

use super::Output;
use crate::{EventSink, RunLog};

/// The outside world of a run.
pub(super) struct Outside<'a> {
    pub(super) log: &'a mut dyn RunLog,
    pub(super) sink: &'a mut dyn EventSink,
    pub(super) output: Option<&'a Output<'a>>,
    pub(super) interrupted: &'a dyn Fn() -> bool,
    pub(super) clock: Clock,
}

/// The time that a run has taken.
pub(super) struct Clock {
    pub(super) start: Instant,
    /// Seconds before `start`.
    pub(super) before: f64,
}

impl Clock {
    /// All seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.before + self.start.elapsed().as_secs_f64()
    }
}
