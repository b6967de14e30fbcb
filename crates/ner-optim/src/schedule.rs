use std::{fmt, iter};

use ner_config::{Builder, ConfigError, Kind, NumberOrBlock};

/// A series of rates or sizes, one for each step; most never end.
///
/// Who reads it decides what happens where it does end: an optimiser keeps the last value, a batcher fails.
pub struct Schedule(Box<dyn Iterator<Item = f64> + Send>);

impl Schedule {
    /// A schedule of these values.
    pub fn new<I>(values: I) -> Schedule
    where
        I: IntoIterator<Item = f64>,
        I::IntoIter: Send + 'static,
    {
        Schedule(Box::new(values.into_iter()))
    }

    /// A schedule that never changes.
    pub fn constant(value: f64) -> Schedule {
        Schedule::new(iter::repeat(value))
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
        self.0.next()
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schedule(..)")
    }
}
