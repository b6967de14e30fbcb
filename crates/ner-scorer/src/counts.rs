use std::iter::Sum;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::Score;

/// Right and wrong answers to one question.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Predicted and true.
    pub true_positives: u64,
    /// Predicted but not true.
    pub false_positives: u64,
    /// True but not predicted.
    pub false_negatives: u64,
}

impl Counts {
    /// Whether nothing was counted.
    pub fn is_empty(self) -> bool {
        self == Counts::default()
    }

    /// Precision, recall and F; 0 where nothing was counted.
    pub fn score(self) -> Score {
        let p = ratio(self.true_positives, self.false_positives);
        let r = ratio(self.true_positives, self.false_negatives);
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        Score { p, r, f }
    }
}

/// The share of right answers; 0 of none, as in spaCy, so that a label without predictions has a precision.
fn ratio(n_right: u64, n_wrong: u64) -> f64 {
    if n_right == 0 { 0.0 } else { n_right as f64 / (n_right + n_wrong) as f64 }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), |mut sum, counts| {
            sum += counts;
            sum
        })
    }
}

/// Compares two ascending lists of spans, in one pass and without a set: documents are long and have a span a token.
pub(crate) fn compare_spans(
    predicted: impl Iterator<Item = (usize, usize)>,
    gold: impl Iterator<Item = (usize, usize)>,
) -> Counts {
    let mut counts = Counts::default();
    let mut gold = gold.peekable();
    for span in predicted {
        while gold.next_if(|gold| *gold < span).is_some() {
            counts.false_negatives += 1;
        }
        match gold.next_if_eq(&span) {
            Some(_) => counts.true_positives += 1,
            None => counts.false_positives += 1,
        }
    }
    counts.false_negatives += gold.count() as u64;
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check([true_positives, false_positives, false_negatives]: [u64; 3], [p, r, f]: [f64; 3]) {
        let counts = Counts { true_positives, false_positives, false_negatives };
        assert_eq!(counts.score(), Score { p, r, f });
    }

    #[test]
    fn f_is_the_harmonic_mean_of_precision_and_recall() {
        check([1, 0, 0], [1.0, 1.0, 1.0]);
        check([1, 1, 3], [0.5, 0.25, 1.0 / 3.0]);
    }

    #[test]
    fn a_score_of_nothing_is_zero_and_not_undefined() {
        check([0, 0, 0], [0.0, 0.0, 0.0]);
        check([0, 1, 1], [0.0, 0.0, 0.0]);
    }
}
