use indexmap::IndexMap;
use ner_config::{Document, Registry};

use super::trials::{Trial, folder, on_corpus};
use super::{CorpusPaths, SearchOptions, TrialReport};
use crate::data::{Corpora, Settings};
use crate::run::{Run, RunOutcome};
use crate::seeds::Plan;
use crate::{Runner, SeedsReport, StudyError};

/// The name of the corpus that the config itself names.
const OWN_CORPUS: &str = "dev";

/// A corpus with the plan of its runs.
pub(super) struct Field {
    name: String,
    paths: Option<CorpusPaths>,
    plan: Plan,
}

/// The corpora of a search, each of them read once to plan its runs.
pub(super) fn fields(
    config: &Document,
    options: &SearchOptions,
    runner: &mut Runner<'_>,
) -> Result<Vec<Field>, StudyError> {
    let field = |name: String, paths: Option<CorpusPaths>| {
        let config = match &paths {
            Some(paths) => on_corpus(config, paths, runner.registry())?,
            None => config.clone(),
        };
        let settings = Settings::of(&config)?;
        settings.check_dev()?;
        let corpora = Corpora::read(&config, &settings, runner.registry(), runner.device())?;
        let plan = Plan::new(options.seeds, &settings, &corpora)?;
        Ok(Field { name, paths, plan })
    };
    match options.corpora.is_empty() {
        true => Ok(vec![field(OWN_CORPUS.to_owned(), None)?]),
        false => options.corpora.iter().map(|paths| field(paths.name.clone(), Some(paths.clone()))).collect(),
    }
}

/// The runs of a trial, corpus by corpus and seed by seed.
pub(super) fn runs_of(
    trial: &Trial,
    fields: &[Field],
    steps: Option<usize>,
    registry: &Registry,
) -> Result<Vec<Run>, StudyError> {
    let mut runs = Vec::new();
    for field in fields {
        let (config, name) = match &field.paths {
            Some(paths) => (
                on_corpus(&trial.config, paths, registry)?,
                format!("{}/{}", folder(&trial.name), folder(&paths.name)),
            ),
            None => (trial.config.clone(), folder(&trial.name)),
        };
        runs.extend(field.plan.seeds.iter().map(|&seed| field.plan.run(&name, &config, seed)));
    }
    runs.iter_mut().for_each(|run| run.steps = steps);
    Ok(runs)
}

/// Runs some of the trials up to a step, or to their ends.
pub(super) fn run_lap(
    trials: &[Trial],
    going: &[usize],
    fields: &[Field],
    steps: Option<usize>,
    runner: &mut Runner<'_>,
) -> Result<Vec<TrialReport>, StudyError> {
    let runs = going.iter().map(|&index| runs_of(&trials[index], fields, steps, runner.registry()));
    let runs: Vec<Run> = runs.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let outcomes = runner.run(&runs)?;
    let of_trial = outcomes.chunks(outcomes.len() / going.len().max(1));
    Ok(going
        .iter()
        .zip(of_trial)
        .map(|(&index, outcomes)| report(&trials[index], fields, outcomes))
        .collect())
}

fn report(trial: &Trial, fields: &[Field], outcomes: &[RunOutcome]) -> TrialReport {
    let mut rest = outcomes;
    let mut corpora = IndexMap::new();
    for field in fields {
        let (own, others) = rest.split_at(field.plan.seeds.len().min(rest.len()));
        corpora.insert(field.name.clone(), SeedsReport::of(&field.plan.seeds, own));
        rest = others;
    }
    TrialReport::new(trial.name.clone(), trial.values.clone(), corpora)
}
