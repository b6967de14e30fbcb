use ner_doc::Example;
use ner_scorer::{Counts, Score};
use serde::Serialize;

use super::bootstrap::bootstrap;
use super::entities::Answers;
use super::randomization::{difference, randomization};
use super::{Found, Interval};
use crate::StudyError;

/// How two sets of predictions are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonOptions {
    /// The only label that counts, if one does.
    pub label: Option<String>,
    /// Samples of each test.
    pub n_samples: usize,
    /// The seed that they are drawn with.
    pub seed: u64,
}

/// Two sets of predictions beside each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Precision, recall and F of A.
    pub a: Score,
    /// The same of B.
    pub b: Score,
    /// F of B less F of A.
    pub difference: f64,
    /// Whether that is more than chance.
    pub significance: Significance,
    /// Documents that are annotated.
    pub documents: usize,
    /// Documents in which not all is found or missed alike.
    pub differing: usize,
    /// True entities, and who finds them.
    pub right: Found,
    /// Entities that are none, and who predicts them.
    pub wrong: Found,
}

/// What tests say of a difference in F.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Significance {
    /// The probability that two systems as good as each other differ at least as much.
    pub p: f64,
    /// Whether it was counted over all ways to swap documents.
    pub is_exact: bool,
    /// Where the difference lies with a probability of 95 per cent.
    pub interval: Interval,
    /// Samples that were drawn.
    pub n_samples: usize,
}

/// Compares the predictions of two systems on the same documents, in the same order. What is not annotated does not count.
///
/// # Errors
/// If texts differ, or no document is annotated.
pub fn compare(a: &[Example], b: &[Example], options: &ComparisonOptions) -> Result<Comparison, StudyError> {
    let (mut right, mut wrong) = (Found::default(), Found::default());
    let mut pairs: Vec<[Counts; 2]> = Vec::new();
    for (document, (a, b)) in a.iter().zip(b).enumerate() {
        if !a.reference.has_entity_annotation() {
            continue;
        }
        let label = options.label.as_deref();
        let [answers, others] = [Answers::of(a, label)?, Answers::of(b, label)?];
        let n_gold = answers.counts.true_positives + answers.counts.false_negatives;
        right.add_right(document, a, &answers, &others, n_gold);
        wrong.add_wrong(document, a, &answers, &others);
        pairs.push([answers.counts, others.counts]);
    }
    if pairs.is_empty() {
        let expected = "documents with annotation of entities".to_owned();
        return Err(StudyError::Option { option: "DATA", expected, found: "none".to_owned() });
    }
    let ComparisonOptions { n_samples, seed, .. } = *options;
    let p = randomization(&pairs, n_samples, seed);
    // The tests take the first less the second.
    let swapped: Vec<[Counts; 2]> = pairs.iter().map(|&[a, b]| [b, a]).collect();
    let total = |side: usize| {
        let mut total = Counts::default();
        pairs.iter().for_each(|pair| total += pair[side]);
        total.score()
    };
    Ok(Comparison {
        a: total(0),
        b: total(1),
        difference: difference(swapped.iter().copied()),
        significance: Significance {
            p: p.p,
            is_exact: p.is_exact,
            interval: bootstrap(&swapped, n_samples, seed),
            n_samples,
        },
        documents: pairs.len(),
        differing: pairs.iter().filter(|[a, b]| a != b).count(),
        right,
        wrong,
    })
}
