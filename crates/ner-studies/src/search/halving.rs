/// The share of trials that goes on is one of so many, and it goes on to so many times the steps: by halves most of the work
/// would go into the last trials.
pub(super) const FACTOR: usize = 3;

/// By what the steps of the trials are divided where they are compared, and 1 for their end.
///
/// Successive halving: K. Jamieson, A. Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization,
/// AISTATS 2016. All rungs cost about the same, each evaluates every trial on it at least once, and the last has about one.
pub(super) fn rungs(n_trials: usize, n_steps: usize, eval_frequency: usize) -> Vec<usize> {
    let mut rungs = vec![1];
    let (mut n_left, mut divisor) = (n_trials, FACTOR);
    while n_left > 1 && n_steps / divisor >= eval_frequency {
        rungs.insert(0, divisor);
        n_left = n_left.div_ceil(FACTOR);
        divisor *= FACTOR;
    }
    rungs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rung_has_about_one_trial() {
        assert_eq!(rungs(9, 5400, 200), [9, 3, 1]);
        assert_eq!(rungs(10, 5400, 200), [27, 9, 3, 1]);
        assert_eq!(rungs(2, 5000, 200), [3, 1]);
        // Shorter than an evaluation no trial can be.
        assert_eq!(rungs(100, 500, 200), [1]);
    }
}
