use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use ner_scorer::{Counts, Score};
use serde::Serialize;

use crate::Spread;
use crate::run::{RunScores, add};

/// The scores of all folds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CrossValidation {
    /// F of the predictions of all folds together, over the seeds.
    pub f: Option<Spread>,
    /// Precision of the same.
    pub p: Option<Spread>,
    /// Recall of the same.
    pub r: Option<Spread>,
    /// F of single folds, over folds and seeds.
    pub f_of_folds: Option<Spread>,
    /// The labels.
    pub labels: BTreeMap<String, LabelReport>,
    /// The folds, seed by seed.
    pub folds: Vec<FoldReport>,
    /// The files of the predictions, one for each seed.
    pub predictions: Vec<PathBuf>,
}

/// The scores of a label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelReport {
    /// F of the predictions of all folds together, over the seeds.
    pub f: Spread,
    /// F of single folds that have the label, over folds and seeds; none if no fold has it.
    pub f_of_folds: Option<Spread>,
    /// Entities in the corpus that are annotated.
    pub entities: u64,
    /// Folds that have some of them.
    pub folds: usize,
}

/// The scores of a fold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoldReport {
    /// The fold, from 1.
    pub fold: usize,
    /// The seed.
    pub seed: u64,
    /// Documents that were scored.
    pub documents: usize,
    /// Precision, recall and F.
    #[serde(flatten)]
    pub score: Score,
    /// Right and wrong entities by label.
    pub labels: BTreeMap<String, Counts>,
    /// Seconds of training.
    pub train_seconds: f64,
}

impl CrossValidation {
    /// Joins the runs of all folds of each seed.
    pub(super) fn of(seeds: &[u64], runs: &[RunScores], predictions: Vec<PathBuf>) -> CrossValidation {
        let k = runs.len() / seeds.len().max(1);
        let mut folds = Vec::new();
        let mut pooled: Vec<BTreeMap<String, Counts>> = Vec::new();
        for (&seed, runs) in seeds.iter().zip(runs.chunks(k.max(1))) {
            let mut labels = BTreeMap::new();
            for (index, run) in runs.iter().enumerate() {
                add(&mut labels, &run.labels);
                folds.push(FoldReport {
                    fold: index + 1,
                    seed,
                    documents: run.documents,
                    score: run.score(),
                    labels: run.labels.clone(),
                    train_seconds: run.train_seconds,
                });
            }
            pooled.push(labels);
        }
        let scores: Vec<Score> =
            pooled.iter().map(|labels| labels.values().copied().sum::<Counts>().score()).collect();
        let spread = |value: fn(&Score) -> f64| Spread::of(&scores.iter().map(value).collect::<Vec<_>>());
        let names: BTreeSet<&String> = pooled.iter().flat_map(BTreeMap::keys).collect();
        let labels = names.into_iter().filter_map(|name| Some((name.clone(), label(name, &pooled, &folds)?)));
        CrossValidation {
            f: spread(|score| score.f),
            p: spread(|score| score.p),
            r: spread(|score| score.r),
            f_of_folds: Spread::of(&folds.iter().map(|fold| fold.score.f).collect::<Vec<_>>()),
            labels: labels.collect(),
            folds,
            predictions,
        }
    }
}

fn label(name: &str, pooled: &[BTreeMap<String, Counts>], folds: &[FoldReport]) -> Option<LabelReport> {
    let counts = |labels: &BTreeMap<String, Counts>| labels.get(name).copied().unwrap_or_default();
    let n_gold = |counts: Counts| counts.true_positives + counts.false_negatives;
    let of_folds: Vec<&FoldReport> = folds.iter().filter(|fold| n_gold(counts(&fold.labels)) > 0).collect();
    let numbers: BTreeSet<usize> = of_folds.iter().map(|fold| fold.fold).collect();
    let f_of_folds: Vec<f64> = of_folds.iter().map(|fold| counts(&fold.labels).score().f).collect();
    Some(LabelReport {
        f: Spread::of(&pooled.iter().map(|labels| counts(labels).score().f).collect::<Vec<_>>())?,
        f_of_folds: Spread::of(&f_of_folds),
        entities: pooled.first().map_or(0, |labels| n_gold(counts(labels))),
        folds: numbers.len(),
    })
}
