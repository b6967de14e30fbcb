use std::{fmt, iter};

use ner_config::{Builder, ConfigError, Kind, NumberOrBlock};

use crate::error::OptimError;

/// A series of rates or sizes, one for each step; most never end.
///
/// Its reader decides what happens where it does end: an optimiser keeps the last value, a batcher fails.
pub struct Schedule {
    values: Values,
    n_given: usize,
    /// The values for a run of so many steps, if they depend on it.
    of_run: Option<Box<dyn Fn(usize) -> Values + Send>>,
}

type Values = Box<dyn Iterator<Item = f64> + Send>;

impl Schedule {
    /// A schedule of these values.
    pub fn new<I>(values: I) -> Schedule
    where
        I: IntoIterator<Item = f64>,
        I::IntoIter: Send + 'static,
    {
        Schedule { values: Box::new(values.into_iter()), n_given: 0, of_run: None }
    }

    /// A schedule whose values depend on the number of the run's steps, which is to be told by [`Schedule::plan`].
    pub fn of_run<I>(values: impl Fn(usize) -> I + Send + 'static) -> Schedule
    where
        I: Iterator<Item = f64> + Send + 'static,
    {
        let values = move |n_steps| -> Values { Box::new(values(n_steps)) };
        // As of a run without end, of which the first values are those of any other.
        Schedule { values: values(usize::MAX), n_given: 0, of_run: Some(Box::new(values)) }
    }

    /// Whether it has to be told the number of the run's steps.
    pub fn depends_on_run(&self) -> bool {
        self.of_run.is_some()
    }

    /// Tells the number of the run's steps, if they are bounded. Values that it has given are given again; returns the last
    /// of these.
    ///
    /// # Errors
    /// If it depends on the number, and there is none.
    pub fn plan(&mut self, n_steps: Option<usize>) -> Result<Option<f64>, OptimError> {
        let Some(of_run) = &self.of_run else { return Ok(None) };
        self.values = of_run(n_steps.ok_or(OptimError::NoEnd)?);
        Ok(self.values.by_ref().take(self.n_given).last())
    }

    /// A schedule that never changes.
    pub fn constant(value: f64) -> Schedule {
        Schedule::new(iter::repeat(value))
    }

    /// How many values it has given so far: its place, for [`Schedule::advance_to`] in another run.
    pub fn n_given(&self) -> usize {
        self.n_given
    }

    /// Skips values until it has given `n_given`, and returns the last of these, if it skipped any.
    ///
    /// Each value is computed, not only the last: most follow from the one before, and are the same bits only then.
    ///
    /// # Errors
    /// If it has given more already, or has fewer values.
    pub fn advance_to(&mut self, n_given: usize) -> Result<Option<f64>, OptimError> {
        let n_skipped = n_given.saturating_sub(self.n_given);
        let last = self.take(n_skipped).last();
        if self.n_given == n_given {
            Ok(last)
        } else {
            Err(OptimError::SchedulePlace { found: self.n_given, expected: n_given })
        }
    }

    /// The schedule of an argument that is either a number, the same at all steps, or a block that names a schedule.
    ///
    /// # Errors
    /// If the block does not name a schedule, or one with arguments that it cannot work with.
    pub fn build(argument: &NumberOrBlock, builder: &Builder) -> Result<Schedule, ConfigError> {
        builder.build_or(Kind::Schedules, argument, Schedule::constant)
    }
}

impl Iterator for Schedule {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let value = self.values.next()?;
        self.n_given += 1;
        Some(value)
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule").field("n_given", &self.n_given).finish_non_exhaustive()
    }
}
