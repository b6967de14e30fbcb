/// Why an optimiser or a schedule cannot do what it is asked for.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum OptimError {
    /// A schedule ended before its first value.
    #[error("{setting}: the schedule has no values, expected at least one")]
    EmptySchedule {
        /// The setting of the optimiser.
        setting: &'static str,
    },
    /// A schedule depends on the number of the run's steps, which is not known.
    #[error(
        "a schedule needs the number of steps: give it as total_steps, or set training.max_epochs or training.max_steps \
         above 0"
    )]
    NoEnd,
    /// A parameter's numbers do not match.
    #[error("parameter {key}: {found} {what}, expected {expected}")]
    LengthMismatch {
        /// The key of the parameter.
        key: u64,
        /// Which numbers: of the gradient, the averages, or the weights of earlier steps.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many follow from its weights now.
        expected: usize,
    },
    /// A schedule cannot be advanced to a place.
    #[error("the schedule has given {found} values, expected {expected}: it ended, or is past that place")]
    SchedulePlace {
        /// How many values it has given.
        found: usize,
        /// How many it should have given.
        expected: usize,
    },
    /// A saved state is not one of the optimiser that is to take it.
    #[error("state of the optimiser, {place}: {problem}")]
    State {
        /// The part of the state, such as `parameters.3.first`.
        place: String,
        /// What was found, and what was expected.
        problem: String,
    },
    /// A group of parameters has an optimiser of its own, but no parameters.
    #[error("the optimiser has a group {group:?}, but no component has that name (there are {})", known.join(", "))]
    UnknownGroup {
        /// The name of the group.
        group: String,
        /// The names of the components.
        known: Vec<String>,
    },
    /// Rows were asked for that a parameter does not have, or in another order.
    #[error(
        "parameter {key}: row {row} is out of place, expected ascending rows of which there are {n_rows}"
    )]
    RowOutOfPlace {
        /// The key of the parameter.
        key: u64,
        /// The row.
        row: u32,
        /// How many rows the parameter has.
        n_rows: usize,
    },
}

impl OptimError {
    /// The error that a part of a saved state does not fit.
    pub fn state(place: impl Into<String>, problem: impl Into<String>) -> OptimError {
        OptimError::State { place: place.into(), problem: problem.into() }
    }
}
