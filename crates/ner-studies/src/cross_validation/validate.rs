use std::collections::HashMap;
use std::path::PathBuf;

use ner_config::Document;

use super::CrossValidation;
use crate::data::{Corpora, GroupBy, Item, Parts, Settings, folds, group, missing, texts_of_records};
use crate::run::{Run, RunFolder, RunOutcome, add_part, join_predictions, take_part, with_seed};
use crate::{Runner, StudyError};

/// How a corpus is cut into folds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossValidationOptions {
    /// The number of folds.
    pub k: usize,
    /// Which documents stay in one fold.
    pub group_by: GroupBy,
    /// Runs of each fold, with seeds from that of the config on; all of them have the same folds.
    pub n_seeds: usize,
}

/// Trains a complete config on all folds of its training corpus but one, for each of them, and scores it on that one. The dev
/// corpus of the config, or the part that its `dev_split` sets apart of the other folds, chooses the pipeline.
///
/// # Errors
/// If folds would lack a label to learn from, a run fails or diverges, or the study is interrupted.
pub fn cross_validate(
    config: &Document,
    options: &CrossValidationOptions,
    runner: &mut Runner<'_>,
) -> Result<CrossValidation, StudyError> {
    let CrossValidationOptions { k, group_by, n_seeds } = options;
    let at_least = |option, least: usize, found: usize| match found < least {
        true => Err(StudyError::Option {
            option,
            expected: format!("at least {least}"),
            found: found.to_string(),
        }),
        false => Ok(()),
    };
    at_least("-k", 2, *k)?;
    at_least("--seeds", 1, *n_seeds)?;
    let settings = Settings::of(config)?;
    settings.check_held()?;
    let corpora = Corpora::read(config, &settings, runner.registry(), runner.device())?;
    let corpus = &settings.training.train_corpus;
    let keys = match group_by {
        GroupBy::Key(key) => texts_of_records(config, corpus, key)?,
        GroupBy::Text | GroupBy::Consecutive(_) => HashMap::new(),
    };
    let items = group(&corpora.train, group_by, &keys)?;
    let (n_documents, data) = (corpora.train.len(), corpora.fingerprints());
    drop(corpora);
    let fold_of = folds(&items, *k, settings.training.seed)?;
    tell(&items, &fold_of, *k, runner);
    let order = by_document(&items, &fold_of, n_documents);

    let parts = Parts::of(runner.folder());
    let seeds: Vec<u64> = (0..*n_seeds as u64).map(|index| settings.training.seed + index).collect();
    let mut of_folds = Vec::new();
    for fold in 0..*k {
        let numbers = |is_held_out: bool| -> Vec<usize> {
            (0..n_documents).filter(|&number| (order[number] == fold) == is_held_out).collect()
        };
        let name = format!("fold-{}-of-{k}", fold + 1);
        let held_out = parts.write(&name, &numbers(true))?;
        let rest = parts.write(&format!("{name}-rest"), &numbers(false))?;
        let mut config = config.clone();
        let scored = add_part(&mut config, corpus, &held_out);
        take_part(&mut config, corpus, &rest);
        of_folds.push((name, config.fill(runner.registry())?, scored));
    }
    let run = |seed: u64, (name, config, scored): &(String, Document, String)| Run {
        name: format!("{name}/seed-{seed}"),
        config: with_seed(config, seed),
        scored: scored.clone(),
        data,
        steps: None,
        by_halves: false,
        keeps_predictions: true,
    };
    let runs: Vec<Run> =
        seeds.iter().flat_map(|&seed| of_folds.iter().map(move |fold| run(seed, fold))).collect();
    let outcomes = runner.run_all(&runs)?;
    let mut predictions = Vec::new();
    for (seed, runs) in seeds.iter().zip(runs.chunks(*k)) {
        let file = runner.folder().join(format!("predictions-seed-{seed}.jsonl"));
        let of_folds: Vec<PathBuf> =
            runs.iter().map(|run| RunFolder::of(runner.folder(), run).predictions()).collect();
        join_predictions(&of_folds, &order, &file)?;
        predictions.push(file);
    }
    let scores = outcomes.into_iter().filter_map(|outcome| match outcome {
        RunOutcome::Scored(scores) => Some(scores),
        RunOutcome::Diverged(_) => None,
    });
    let report = CrossValidation::of(&seeds, &scores.collect::<Vec<_>>(), predictions);
    runner.write_results(&report)?;
    Ok(report)
}

/// Says which folds have nothing of a label to be scored on.
fn tell(items: &[Item], fold_of: &[usize], k: usize, runner: &mut Runner<'_>) {
    for (fold, labels) in
        missing(items, fold_of, k).into_iter().enumerate().filter(|(_, labels)| !labels.is_empty())
    {
        let labels = labels.into_iter().collect::<Vec<_>>().join(", ");
        runner.remark(format!(
            "fold {} of {k} has no entity of {labels}: their F is that of the other folds",
            fold + 1
        ));
    }
}

/// The fold of each document.
fn by_document(items: &[Item], fold_of: &[usize], n_documents: usize) -> Vec<usize> {
    let mut order = vec![0; n_documents];
    for (item, &fold) in items.iter().zip(fold_of) {
        item.documents.iter().for_each(|&number| order[number] = fold);
    }
    order
}
