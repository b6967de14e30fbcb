use std::path::PathBuf;

use indexmap::IndexMap;
use ner_config::Table;
use serde::Serialize;

use crate::{SeedsReport, Spread};

/// All trials, the best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchReport {
    /// The trials by their mean F over all corpora. Those that were given up come after those that were not.
    pub trials: Vec<TrialReport>,
    /// The complete config of the best one.
    pub best: PathBuf,
}

/// A trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrialReport {
    /// Its name.
    pub name: String,
    /// The values that are its own.
    pub values: Table,
    /// Mean F over all corpora and seeds; none if a run diverged.
    pub f: Option<f64>,
    /// Where successive halving gave it up: after one of so many of the config's steps.
    pub given_up_after_one_of: Option<usize>,
    /// Its scores on each corpus.
    pub corpora: IndexMap<String, SeedsReport>,
    /// For each corpus how much higher its F is than that of the first trial, seed by seed.
    pub over_first: IndexMap<String, Spread>,
}

impl TrialReport {
    pub(super) fn new(name: String, values: Table, corpora: IndexMap<String, SeedsReport>) -> TrialReport {
        let means: Option<Vec<f64>> = corpora.values().map(|scores| Some(scores.f?.mean)).collect();
        let f = means.and_then(|means| Some(Spread::of(&means)?.mean));
        TrialReport { name, values, f, given_up_after_one_of: None, corpora, over_first: IndexMap::new() }
    }

    /// Compares with the first trial of the list, as far as both have come as far.
    pub(super) fn compare(&mut self, first: &TrialReport) {
        if self.given_up_after_one_of != first.given_up_after_one_of {
            return;
        }
        for (corpus, scores) in &self.corpora {
            let pairs = scores
                .fs()
                .into_iter()
                .zip(first.corpora.get(corpus).map(SeedsReport::fs).unwrap_or_default());
            let differences: Vec<f64> = pairs.map(|(own, first)| own - first).collect();
            let all = scores.diverged.is_empty().then(|| Spread::of(&differences)).flatten();
            self.over_first.extend(all.map(|spread| (corpus.clone(), spread)));
        }
    }
}
