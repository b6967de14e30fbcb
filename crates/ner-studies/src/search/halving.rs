use ner_config::Document;

use super::Strategy;
use crate::StudyError;
use crate::data::Settings;

/// The share of trials that goes on is one of so many, and it goes on to so many times the steps: by halves most of the work
/// would go into the last trials.
pub(super) const FACTOR: usize = 3;

/// The steps at which trials are compared, the last of which is their end.
///
/// Successive halving: K. Jamieson, A. Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization,
/// AISTATS 2016. All rungs cost about the same, each evaluates every trial on it at least once, and the last has about one.
pub(super) fn rungs(
    config: &Document,
    strategy: Strategy,
    n_trials: usize,
) -> Result<Vec<Option<usize>>, StudyError> {
    if strategy == Strategy::Random {
        return Ok(vec![None]);
    }
    let training = Settings::of(config)?.training;
    if training.max_steps == 0 {
        let message = "trials are compared at a third of the steps, a ninth and so on, which 0 has not; set it to a number of \
                       steps, or take --strategy random";
        return Err(StudyError::Setting { key: "max_steps", message });
    }
    let mut rungs = vec![None];
    let (mut n_left, mut steps) = (n_trials, training.max_steps);
    while n_left > 1 && steps / FACTOR >= training.eval_frequency {
        steps /= FACTOR;
        n_left = n_left.div_ceil(FACTOR);
        // Trials are evaluated at these steps only.
        rungs.insert(0, Some(steps.next_multiple_of(training.eval_frequency)));
    }
    Ok(rungs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(max_steps: i64, n_trials: usize, expected: &[Option<usize>]) {
        let mut config = Document::defaults();
        config.set("training.max_steps", max_steps);
        config.set("training.eval_frequency", 200_i64);
        config.set("training.train_corpus", "corpora.train");
        assert_eq!(rungs(&config, Strategy::Halving, n_trials).unwrap_or_default(), expected);
    }

    #[test]
    fn the_last_rung_has_about_one_trial() {
        check(5400, 9, &[Some(600), Some(1800), None]);
        check(5400, 10, &[Some(200), Some(600), Some(1800), None]);
        check(5000, 2, &[Some(1800), None]);
        // Shorter than an evaluation no trial can be.
        check(500, 100, &[None]);
        check(0, 9, &[]);
    }
}
