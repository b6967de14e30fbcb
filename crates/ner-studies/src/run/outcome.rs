use std::collections::BTreeMap;

use ner_scorer::{Counts, Score};
use ner_training::HalfChoice;
use serde::{Deserialize, Serialize};

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It was trained and scored.
    Scored(RunScores),
    /// Its weights ceased to be numbers, with what training says.
    Diverged(String),
}

/// The scores of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunScores {
    /// Right and wrong entities of the best pipeline on the scored corpus, by label; or those that the choices of `halves` have
    /// on the other halves.
    pub labels: BTreeMap<String, Counts>,
    /// Documents that were scored.
    pub documents: usize,
    /// The step whose pipeline was the best on dev, from 0.
    pub best_step: usize,
    /// What the halves of dev chose, of a run by halves.
    pub halves: Option<[HalfChoice; 2]>,
    /// The last step, from 0.
    pub last_step: usize,
    /// The score by which it was chosen, from 0 to 1.
    pub dev_score: f64,
    /// Bytes of all files of the pipeline.
    pub size: u64,
    /// Seconds in the loop of training, evaluations included, while other runs went on beside it.
    pub train_seconds: f64,
    /// Words per second of prediction: the median of three passes over the scored corpus.
    pub words_per_second: f64,
}

impl RunScores {
    /// Precision, recall and F over all labels.
    pub fn score(&self) -> Score {
        self.labels.values().copied().sum::<Counts>().score()
    }
}

/// Adds the counts of one run to those of others.
pub(crate) fn add(labels: &mut BTreeMap<String, Counts>, others: &BTreeMap<String, Counts>) {
    for (label, counts) in others {
        *labels.entry(label.clone()).or_default() += *counts;
    }
}
