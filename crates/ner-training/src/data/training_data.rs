use std::collections::BTreeSet;

use ner_corpus::CorpusSummary;

use super::Finding;

/// What a run learns from and is measured by.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingData {
    /// The examples to learn from; of a stream the first.
    pub train: CorpusSummary,
    /// Whether `train` counts the first examples of a stream alone.
    pub is_sample: bool,
    /// The examples to measure by.
    pub dev: CorpusSummary,
    /// What is wrong with them, the gravest first.
    pub findings: Vec<Finding>,
}

/// Spans of which so many in a hundred are lost are no slips.
const MAX_LOST_PERCENT: usize = 10;

impl TrainingData {
    /// Applies the rules. `known`: labels that the recognisers have before they learn, such as those of a source.
    pub fn new(
        train: CorpusSummary,
        is_sample: bool,
        dev: CorpusSummary,
        known: &BTreeSet<String>,
    ) -> TrainingData {
        let mut findings = Vec::new();
        if train.n_entities() == 0 && train.rejected == 0 {
            findings.push(Finding::NothingToLearn {
                documents: train.documents,
                unknown: train.unknown(),
                is_certain: !is_sample && (train.annotated == 0 || known.is_empty()),
            });
        }
        if dev.n_entities() == 0 {
            findings.push(Finding::NothingToScore { documents: dev.documents, unknown: dev.unknown() });
        }
        let labels = |of: &CorpusSummary| of.entities.keys().cloned().collect::<BTreeSet<_>>();
        let learned: BTreeSet<_> = labels(&train).union(known).cloned().collect();
        // Of a stream the labels that are not among the first examples may come later.
        let unseen: Vec<_> = labels(&dev).difference(&learned).cloned().collect();
        if !unseen.is_empty() && !is_sample && !learned.is_empty() {
            findings.push(Finding::UnseenLabels { labels: unseen, learned: learned.into_iter().collect() });
        }
        for (is_train, summary) in [(true, &train), (false, &dev)] {
            if summary.spans_lost * 100 > summary.spans * MAX_LOST_PERCENT {
                let (lost, spans) = (summary.spans_lost, summary.spans);
                findings.push(Finding::SpansLost { is_train, lost, spans });
            }
            if summary.white_space > 0 {
                findings.push(Finding::WhiteSpace { is_train, entities: summary.white_space });
            }
            if summary.unknown() > 0 && summary.annotated > 0 && summary.rejected == 0 {
                let (unknown, documents) = (summary.unknown(), summary.documents);
                findings.push(Finding::Unannotated { is_train, unknown, documents });
            }
        }
        TrainingData { train, is_sample, dev, findings }
    }

    /// The finding with which no run can succeed, if there is one.
    pub fn fatal(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.is_fatal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(documents: usize, annotated: usize, entities: &[(&str, usize)]) -> CorpusSummary {
        let entities = entities.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect();
        let mut summary = CorpusSummary { documents, annotated, entities, ..CorpusSummary::default() };
        summary.spans = summary.n_entities();
        summary.empty = if summary.n_entities() == 0 { annotated } else { 0 };
        summary
    }

    #[track_caller]
    fn check(train: CorpusSummary, dev: CorpusSummary, fatal: bool, expected: &[&str]) {
        let data = TrainingData::new(train, false, dev, &BTreeSet::new());
        let found: Vec<_> = data.findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
        assert_eq!(data.fatal().is_some(), fatal);
    }

    #[test]
    fn data_that_are_in_order_have_no_finding() {
        check(summary(9, 9, &[("A", 5)]), summary(3, 3, &[("A", 1)]), false, &[]);
    }

    #[test]
    fn what_cannot_succeed_is_fatal() {
        let good = || summary(9, 9, &[("A", 5)]);
        check(
            summary(9, 0, &[]),
            good(),
            true,
            &["nothing to learn: no training document is annotated with entities (0 of 9)"],
        );
        check(
            summary(9, 9, &[]),
            good(),
            true,
            &["nothing to learn: the training documents have no entity (9 of 9 are annotated)"],
        );
        check(
            good(),
            summary(9, 0, &[]),
            true,
            &["nothing to score: no dev document is annotated with entities (0 of 9)"],
        );
    }

    #[test]
    fn what_lowers_scores_is_told() {
        check(
            summary(9, 8, &[("A", 5)]),
            summary(3, 3, &[("B", 1)]),
            false,
            &[
                "the dev data have labels that the training data lack, and that are never found: B; the training data have A",
                "1 of 9 training documents are not annotated with entities: nothing is learned from them",
            ],
        );
        check(
            summary(9, 9, &[("A", 5)]),
            summary(3, 3, &[]),
            false,
            &["the dev documents have no entity (3 of 3 are annotated): scores cannot rise above 0"],
        );
        let lost = CorpusSummary { spans: 50, spans_lost: 45, white_space: 2, ..summary(9, 9, &[("A", 5)]) };
        check(
            lost,
            summary(3, 3, &[("A", 1)]),
            false,
            &[
                "45 of 50 spans of the training data are lost, as said above",
                "entities of the training data begin or end with white space, which no recogniser predicts (2)",
            ],
        );
    }
}
