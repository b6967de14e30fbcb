use ner_config::Document;
use serde::Serialize;

use super::Extrapolation;
use crate::data::{Corpora, Parts, Settings, order};
use crate::run::take_part;
use crate::seeds::Plan;
use crate::{Runner, Seeds, SeedsReport, Spread, StudyError};

/// F by the number of documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainCurve {
    /// The samples, the smallest first.
    pub points: Vec<CurvePoint>,
    /// What the last step brought, seed by seed; none of a single sample.
    pub last_gain: Option<Spread>,
    /// What more data would bring, if the curve can be continued.
    pub extrapolation: Option<Extrapolation>,
}

/// What a sample gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Its share of the training corpus.
    pub share: f64,
    /// Its documents.
    pub documents: usize,
    /// The scores on dev.
    #[serde(flatten)]
    pub scores: SeedsReport,
}

/// Trains a complete config with growing samples of its training corpus, the last of which is all of it. Each seed draws
/// samples of its own, and each of these holds all smaller ones.
///
/// # Errors
/// If the config does not go with samples, a run fails or diverges, or the study is interrupted.
pub fn train_curve(
    config: &Document,
    n_samples: usize,
    seeds: Seeds,
    runner: &mut Runner<'_>,
) -> Result<TrainCurve, StudyError> {
    let settings = Settings::of(config)?;
    settings.check_dev()?;
    settings.check_held()?;
    let corpora = Corpora::read(config, &settings, runner.registry(), runner.device())?;
    let n_documents = corpora.train.len();
    if n_samples == 0 || n_samples > n_documents {
        return Err(StudyError::Option {
            option: "--n-samples",
            expected: format!("a number from 1 to {n_documents}, the documents of the training corpus"),
            found: n_samples.to_string(),
        });
    }
    let parts = Parts::of(runner.folder());
    let plan = Plan::new(seeds, &settings, &corpora)?;
    drop(corpora);
    let sizes: Vec<usize> =
        (1..=n_samples).map(|sample| (n_documents * sample).div_ceil(n_samples)).collect();
    let mut runs = Vec::new();
    for &size in &sizes {
        for &seed in &plan.seeds {
            let mut sampled = config.clone();
            // The whole corpus is read as the config says, so that these runs are those of `ner train`.
            if size < n_documents {
                let numbers = &order(n_documents, seed)[..size];
                let file = parts.write(&format!("sample-{size}-seed-{seed}"), numbers)?;
                take_part(&mut sampled, &settings.training.train_corpus, &file);
            }
            let sampled = sampled.fill(runner.registry())?;
            runs.push(plan.run(&format!("sample-{size}"), &sampled, seed));
        }
    }
    let outcomes = runner.run_all(&runs)?;
    let of_size = outcomes.chunks(plan.seeds.len());
    let points = sizes.iter().zip(of_size).map(|(&documents, outcomes)| CurvePoint {
        share: documents as f64 / n_documents as f64,
        documents,
        scores: SeedsReport::of(&plan.seeds, outcomes),
    });
    let points: Vec<CurvePoint> = points.collect();
    let of_seed = |seed: usize| points.iter().map(|point| point.scores.seeds[seed].score.f).collect();
    let curves: Vec<Vec<f64>> = (0..plan.seeds.len()).map(of_seed).collect();
    let gain = |curve: &Vec<f64>| match curve[..] {
        [.., previous, last] => Some(last - previous),
        _ => None,
    };
    let last_gain = curves.iter().map(gain).collect::<Option<Vec<f64>>>();
    let report = TrainCurve {
        last_gain: last_gain.and_then(|gains| Spread::of(&gains)),
        extrapolation: Extrapolation::of(&sizes, &curves),
        points,
    };
    runner.write_results(&report)?;
    Ok(report)
}
