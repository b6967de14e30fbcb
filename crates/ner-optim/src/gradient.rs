use crate::error::OptimError;
use crate::row_gradient::RowGradient;

/// The gradient of a parameter, from the layer that found it to the optimiser that uses it up.
#[derive(Clone, Debug, PartialEq)]
pub enum Gradient {
    /// One value a weight.
    All(Vec<f32>),
    /// Some rows of a table; that of the others is zero.
    Rows(RowGradient),
}

impl Gradient {
    /// The sum of two gradients of one parameter.
    pub fn merged(self, other: Gradient) -> Gradient {
        match (self, other) {
            (Gradient::Rows(sum), Gradient::Rows(other)) => Gradient::Rows(sum.merged(other)),
            // No layer of ours mixes the two: a table's gradients are all by rows.
            (sum, other) => {
                let (mut sum, other) = (sum.into_dense(), other.into_dense());
                sum.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
                Gradient::All(sum)
            }
        }
    }

    /// One value a weight.
    pub fn into_dense(self) -> Vec<f32> {
        match self {
            Gradient::All(values) => values,
            Gradient::Rows(rows) => rows.to_dense(),
        }
    }

    /// Fails unless it is the gradient of `n_weights` weights of the parameter `key`.
    pub(crate) fn check(&self, key: u64, n_weights: usize) -> Result<(), OptimError> {
        match self {
            Gradient::All(values) if values.len() == n_weights => Ok(()),
            Gradient::All(values) => Err(OptimError::LengthMismatch {
                key,
                what: "gradient values",
                found: values.len(),
                expected: n_weights,
            }),
            Gradient::Rows(rows) => rows.check(key, n_weights),
        }
    }
}
