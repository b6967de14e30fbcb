use std::collections::BTreeMap;

use ner_config::Document;
use ner_scorer::{Counts, Score};
use ner_training::Fingerprint;
use serde::Serialize;

use crate::data::{Corpora, Settings};
use crate::run::{Run, RunOutcome, RunScores, with_seed};
use crate::{Spread, StudyError};

/// With which seeds a config is run, and how it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    /// The number of seeds, from that of the config on.
    pub n: usize,
    /// Whether each half of dev is scored by the step and the bias that the other half chose, in place of all of dev by those that
    /// it chose itself.
    pub dev_halves: bool,
}

/// By how a run with each seed is made from a config.
pub(crate) struct Plan {
    pub(crate) seeds: Vec<u64>,
    dev_corpus: String,
    data: [Fingerprint; 2],
    dev_halves: bool,
}

impl Plan {
    /// Plans runs of a config and its variants, which have the same corpora.
    pub(crate) fn new(seeds: Seeds, settings: &Settings, corpora: &Corpora) -> Result<Plan, StudyError> {
        if seeds.n == 0 {
            let expected = "at least 1".to_owned();
            return Err(StudyError::Option { option: "--seeds", expected, found: "0".to_owned() });
        }
        if seeds.dev_halves && corpora.dev.len() < 2 {
            let expected = "at least two documents in dev".to_owned();
            return Err(StudyError::Option { option: "--dev-halves", expected, found: "1".to_owned() });
        }
        let first_seed = settings.training.seed;
        Ok(Plan {
            seeds: (0..seeds.n as u64).map(|index| first_seed + index).collect(),
            dev_corpus: settings.training.dev_corpus.clone(),
            data: corpora.fingerprints(),
            dev_halves: seeds.dev_halves,
        })
    }

    /// The run of a config with one seed.
    pub(crate) fn run(&self, name: &str, config: &Document, seed: u64) -> Run {
        let mut config = with_seed(config, seed);
        if self.dev_halves {
            config.set("training.dev_halves", true);
        }
        Run {
            name: format!("{name}/seed-{seed}"),
            config,
            scored: self.dev_corpus.clone(),
            data: self.data,
            steps: None,
            by_halves: self.dev_halves,
            keeps_predictions: false,
        }
    }
}

/// The scores of one seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeedScores {
    /// The seed.
    pub seed: u64,
    /// Precision, recall and F.
    #[serde(flatten)]
    pub score: Score,
    /// Right and wrong entities by label.
    pub labels: BTreeMap<String, Counts>,
    /// The step of the best pipeline, or the steps that the halves of dev chose.
    pub best_steps: Vec<usize>,
    /// Seconds of training.
    pub train_seconds: f64,
}

/// The scores of a config over all seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SeedsReport {
    /// F, from 0 to 1; none if a run diverged.
    pub f: Option<Spread>,
    /// Precision.
    pub p: Option<Spread>,
    /// Recall.
    pub r: Option<Spread>,
    /// F of each label.
    pub labels: BTreeMap<String, Spread>,
    /// The scores of each seed.
    pub seeds: Vec<SeedScores>,
    /// Words per second of prediction, mean of the runs.
    pub words_per_second: f64,
    /// Seconds of training, mean of the runs.
    pub train_seconds: f64,
    /// Bytes of the pipeline's files.
    pub size: u64,
    /// What training says of each run that diverged.
    pub diverged: Vec<String>,
}

impl SeedsReport {
    /// Joins the outcomes of the seeds' runs.
    pub(crate) fn of(seeds: &[u64], outcomes: &[RunOutcome]) -> SeedsReport {
        let mut report = SeedsReport::default();
        let mut runs: Vec<&RunScores> = Vec::new();
        for (seed, outcome) in seeds.iter().zip(outcomes) {
            match outcome {
                RunOutcome::Scored(scores) => {
                    report.seeds.push(of_seed(*seed, scores));
                    runs.push(scores);
                }
                RunOutcome::Diverged(message) => report.diverged.push(format!("seed {seed}: {message}")),
            }
        }
        let mean = |value: &dyn Fn(&RunScores) -> f64| {
            let values: Vec<f64> = runs.iter().map(|run| value(run)).collect();
            Spread::of(&values).map_or(0.0, |spread| spread.mean)
        };
        report.words_per_second = mean(&|run| run.words_per_second);
        report.train_seconds = mean(&|run| run.train_seconds);
        report.size = runs.iter().map(|run| run.size).max().unwrap_or(0);
        report.summarise();
        report
    }

    /// F of each seed.
    pub fn fs(&self) -> Vec<f64> {
        self.seeds.iter().map(|seed| seed.score.f).collect()
    }

    fn summarise(&mut self) {
        // A config that diverges with some seeds is not one that happens to be good with the others.
        if !self.diverged.is_empty() {
            return;
        }
        let spread = |value: &dyn Fn(&SeedScores) -> f64| {
            Spread::of(&self.seeds.iter().map(value).collect::<Vec<_>>())
        };
        let (f, p, r) = (spread(&|it| it.score.f), spread(&|it| it.score.p), spread(&|it| it.score.r));
        let names: std::collections::BTreeSet<&String> =
            self.seeds.iter().flat_map(|seed| seed.labels.keys()).collect();
        let of = |label: &String| {
            spread(&|seed| seed.labels.get(label).map_or(0.0, |counts| counts.score().f))
                .map(|spread| (label.clone(), spread))
        };
        let labels = names.into_iter().filter_map(of).collect();
        (self.f, self.p, self.r, self.labels) = (f, p, r, labels);
    }
}

fn of_seed(seed: u64, run: &RunScores) -> SeedScores {
    let best_steps = match &run.halves {
        Some(halves) => halves.iter().map(|half| half.step).collect(),
        None => vec![run.best_step],
    };
    SeedScores {
        seed,
        score: run.score(),
        labels: run.labels.clone(),
        best_steps,
        train_seconds: run.train_seconds,
    }
}
