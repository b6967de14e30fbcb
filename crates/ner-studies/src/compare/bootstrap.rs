use ner_cpython::PythonRandom;
use ner_scorer::Counts;
use serde::Serialize;

use super::randomization::difference;

/// Between which values something lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// Where the difference in F lies with a probability of 95 per cent, were other documents of the same kind drawn: the middle
/// of what samples of the documents give, drawn with replacement. B. Efron, R. Tibshirani, An Introduction to the Bootstrap,
/// 1993 (percentile intervals); paired, as in P. Koehn, Statistical Significance Tests for Machine Translation Evaluation,
/// EMNLP 2004.
pub(super) fn bootstrap(pairs: &[[Counts; 2]], n_samples: usize, seed: u64) -> Interval {
    let mut random = PythonRandom::new(seed);
    let n = pairs.len() as u64;
    let mut sample = |_| difference((0..n).map(|_| pairs[random.randbelow(n) as usize]));
    let mut differences: Vec<f64> = (0..n_samples).map(&mut sample).collect();
    differences.sort_by(f64::total_cmp);
    // A fortieth is cut off at each end.
    let at = |place: usize| differences.get(place).copied().unwrap_or_default();
    Interval { low: at(n_samples / 40), high: at(n_samples * 39 / 40) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_as_wide_as_the_documents_vary() {
        let [found, missed] =
            [[1, 0, 0], [0, 0, 1]].map(|[true_positives, false_positives, false_negatives]| Counts {
                true_positives,
                false_positives,
                false_negatives,
            });
        let same = bootstrap(&vec![[found, missed]; 50], 1000, 0);
        assert_eq!(same, Interval { low: 1.0, high: 1.0 });
        // A finds all of 100 entities, and B each with probability 1/2: F of B is 2 x / (1 + x) for a share x, whose standard
        // deviation is 0.05, so that nearly all lies between 0.4 and 0.6.
        let pairs: Vec<[Counts; 2]> =
            (0_u32..100).map(|index| [found, if index.is_multiple_of(2) { found } else { missed }]).collect();
        let Interval { low, high } = bootstrap(&pairs, 10_000, 0);
        let f = |share: f64| 1.0 - 2.0 * share / (1.0 + share);
        assert!(
            (low - f(0.5 + 1.96 * 0.05)).abs() < 0.015 && (high - f(0.5 - 1.96 * 0.05)).abs() < 0.015,
            "{low} {high}"
        );
    }
}
