use ner_cpython::PythonRandom;
use ner_scorer::Counts;

/// How probable it is that two systems as good as each other differ at least as much in F as these do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PValue {
    pub(super) p: f64,
    /// Whether all ways to swap documents were counted, in place of a sample of them.
    pub(super) is_exact: bool,
}

/// The test of approximate randomisation: if the systems are alike, the predictions of each document might as well be
/// swapped. E. Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989; for F, A. Yeh, More Accurate Tests for the
/// Statistical Significance of Result Differences, COLING 2000. Two-sided. `pairs` are the counts of each document.
pub(super) fn randomization(pairs: &[[Counts; 2]], n_samples: usize, seed: u64) -> PValue {
    let observed = difference(pairs.iter().copied());
    // Rounding: two ways to add up the same counts must count as the same difference.
    let reaches = |swapped: f64| swapped.abs() >= observed.abs() - 1e-12;
    // The others are the same in every shuffle.
    let (differing, same): (Vec<[Counts; 2]>, Vec<_>) = pairs.iter().copied().partition(|[a, b]| a != b);
    let base = sum(same.into_iter());
    let shuffled = |is_swapped: &mut dyn FnMut(usize) -> bool| {
        let pairs = differing.iter().enumerate();
        let pairs = pairs.map(|(index, &[a, b])| if is_swapped(index) { [b, a] } else { [a, b] });
        difference([base].into_iter().chain(pairs))
    };
    if differing.len() < 63 && 1_u64 << differing.len() <= n_samples as u64 {
        let n_ways = 1_u64 << differing.len();
        let n_reached =
            (0..n_ways).filter(|way| reaches(shuffled(&mut |index| way >> index & 1 == 1))).count();
        return PValue { p: n_reached as f64 / n_ways as f64, is_exact: true };
    }
    let mut random = PythonRandom::new(seed);
    let n_reached = (0..n_samples).filter(|_| reaches(shuffled(&mut |_| random.getrandbits(1) == 1))).count();
    // The order that was observed is one of the ways, too, so that no p is 0 (Noreen).
    PValue { p: (n_reached + 1) as f64 / (n_samples + 1) as f64, is_exact: false }
}

/// F of the first less F of the second.
pub(super) fn difference(pairs: impl Iterator<Item = [Counts; 2]>) -> f64 {
    let [a, b] = sum(pairs);
    a.score().f - b.score().f
}

fn sum(pairs: impl Iterator<Item = [Counts; 2]>) -> [Counts; 2] {
    pairs.fold([Counts::default(); 2], |[mut a, mut b], [more_a, more_b]| {
        a += more_a;
        b += more_b;
        [a, b]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts([true_positives, false_positives, false_negatives]: [u64; 3]) -> Counts {
        Counts { true_positives, false_positives, false_negatives }
    }

    /// Documents in which one of the two systems finds the only entity, or both do.
    fn documents(of_a: usize, of_b: usize, of_both: usize) -> Vec<[Counts; 2]> {
        let (found, missed) = (counts([1, 0, 0]), counts([0, 0, 1]));
        let mut pairs = vec![[found, missed]; of_a];
        pairs.extend(vec![[missed, found]; of_b]);
        pairs.extend(vec![[found, found]; of_both]);
        pairs
    }

    #[test]
    fn few_documents_are_counted_exactly() {
        // With precision 1 and one entity a document, F orders as the number of found ones: a sign test, so that of the
        // 2^5 ways 2 are as far apart as 5 to 0, and 12 as 4 to 1.
        assert_eq!(randomization(&documents(5, 0, 3), 1000, 0), PValue { p: 2.0 / 32.0, is_exact: true });
        assert_eq!(randomization(&documents(4, 1, 3), 1000, 0), PValue { p: 12.0 / 32.0, is_exact: true });
        assert_eq!(randomization(&documents(0, 0, 3), 1000, 0), PValue { p: 1.0, is_exact: true });
    }

    #[test]
    fn a_sample_comes_close_to_the_exact_value() {
        // The binomial distribution of 12 to 2 among 14: 2 (1 + 14 + 91) / 2^14.
        let exact = 212.0 / 16384.0;
        assert_eq!(randomization(&documents(12, 2, 5), 20_000, 0).p, exact);
        let sampled = randomization(&documents(12, 2, 5), 10_000, 0);
        // Three standard deviations of a share among ten thousand.
        assert!(!sampled.is_exact && (sampled.p - exact).abs() < 3.0 * (exact / 1e4).sqrt(), "{sampled:?}");
        assert_eq!(sampled, randomization(&documents(12, 2, 5), 10_000, 0));
        assert_ne!(sampled, randomization(&documents(12, 2, 5), 10_000, 1));
    }
}
