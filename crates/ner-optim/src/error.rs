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
    #[error("parameter {key}: {found} {what}, expected {expected}, as many as it has weights")]
    LengthMismatch {
        /// The key of the parameter.
        key: u64,
        /// Which numbers: the gradient, the averages, or the weights of earlier steps.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many weights there are.
        expected: usize,
    },
}
