//! How much each score counts in the final one.

use crate::{Document, Function, Table, Value};

/// Adds the scores of the components that `factories` make to `[training.score_weights]`, and scales all weights to a
/// sum of 1. A component later in the pipeline overrides an earlier one, and the document both.
pub(crate) fn complete<'a>(document: &mut Document, factories: impl Iterator<Item = &'a Function>) {
    let mut weights = Table::new();
    for factory in factories {
        weights.extend(factory.score_weights().clone());
    }
    if let Some(Value::Table(given)) = document.get("training.score_weights") {
        weights.extend(given.clone());
    }
    let sum: f64 = weights.values().filter_map(number).sum();
    for weight in weights.values_mut().filter(|_| sum > 0.0) {
        // A zero stays as the document spells it, `0` or `0.0`.
        if let Some(number) = number(weight).filter(|number| *number != 0.0) {
            *weight = Value::Float(rounded(number / sum));
        }
    }
    document.set("training.score_weights", weights);
}

/// `value` with two decimal places: the nearest, ties to even, as Python rounds.
fn rounded(value: f64) -> f64 {
    format!("{value:.2}").parse().expect("a formatted number is a number")
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_ties_to_even() {
        assert_eq!([0.125, 0.375, 0.005, 2.0 / 3.0].map(rounded), [0.12, 0.38, 0.01, 0.67]);
    }
}
