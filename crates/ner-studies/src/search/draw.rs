use ner_config::{Table, Value};
use ner_cpython::PythonRandom;

use super::Range;

/// Draws that may give what was drawn before until the space counts as searched through.
const N_ATTEMPTS: usize = 1000;

/// Draws `n` different sets of values; fewer if there are no more.
///
/// J. Bergstra, Y. Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13, 2012: where few of many values matter,
/// a grid tries few different ones of each.
pub(super) fn draw_trials(ranges: &[(String, Range)], n: usize, seed: u64) -> Vec<Table> {
    let mut random = PythonRandom::new(seed);
    let mut trials: Vec<Table> = Vec::new();
    let mut n_attempts = 0;
    while trials.len() < n && n_attempts < N_ATTEMPTS {
        let trial: Table =
            ranges.iter().map(|(key, range)| (key.clone(), draw(range, &mut random))).collect();
        if trials.contains(&trial) {
            n_attempts += 1;
        } else {
            n_attempts = 0;
            trials.push(trial);
        }
    }
    trials
}

fn draw(range: &Range, random: &mut PythonRandom) -> Value {
    match range {
        Range::Choice(values) => random.choice(values).cloned().unwrap_or(Value::Null),
        Range::Uniform(low, high) => Value::Float(rounded(random.uniform(*low, *high))),
        Range::LogUniform(low, high) => Value::Float(rounded(random.uniform(low.ln(), high.ln()).exp())),
        Range::Integers(first, last) => {
            Value::Integer(i128::from(*first) + i128::from(random.randbelow((last - first + 1) as u64)))
        }
    }
}

/// Three digits: nobody wants to copy more, and no more of them matter.
fn rounded(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_their_ranges_and_differ() {
        let ranges = [
            ("a.a".to_owned(), Range::Uniform(0.1, 0.2)),
            ("a.b".to_owned(), Range::LogUniform(1e-4, 1e-2)),
            ("a.c".to_owned(), Range::Integers(2, 4)),
        ];
        let trials = draw_trials(&ranges, 200, 0);
        let numbers = |key: &str| -> Vec<f64> {
            let number = |value: &Value| match value {
                Value::Float(number) => *number,
                Value::Integer(number) => *number as f64,
                _ => f64::NAN,
            };
            trials.iter().map(|trial| number(&trial[key])).collect()
        };
        assert!(numbers("a.a").iter().all(|number| (0.1..=0.2).contains(number)));
        let logs = numbers("a.b");
        assert!(logs.iter().all(|number| (1e-4..=1e-2).contains(number)));
        let n_low = logs.iter().filter(|number| **number < 1e-3).count();
        assert!((70..130).contains(&n_low), "half of them lie below the geometric mean: {n_low}");
        assert!([2.0, 3.0, 4.0].iter().all(|number| numbers("a.c").contains(number)));
        assert_eq!(trials, draw_trials(&ranges, 200, 0));
        // More trials of the same seed go on where fewer of them end.
        assert_eq!(trials[..10], draw_trials(&ranges, 10, 0));
    }

    #[test]
    fn a_small_space_is_searched_through() {
        let ranges = [("a.a".to_owned(), Range::Choice(vec![true.into(), false.into()]))];
        assert_eq!(draw_trials(&ranges, 10, 0).len(), 2);
    }
}
