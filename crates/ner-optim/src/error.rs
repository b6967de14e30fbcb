/// What can be wrong with a call to an optimiser.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum OptimError {
    /// A schedule ended before its first value.
    #[error("{setting}: the schedule has no values, expected at least one")]
    EmptySchedule {
        /// The setting of the optimiser.
        setting: &'static str,
    },
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
