use indexmap::IndexMap;
use ner_config::{Document, Registry, TrainingConfig};
use ner_training::{check_config, planned_steps};

use super::halving::rungs;
use super::trials::{Trial, folder, on_corpus, wrong};
use super::{CorpusPaths, SearchOptions, Space, Strategy, TrialReport};
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
    /// The steps of the config itself, at most; none if only patience ends a run, or nobody asks.
    n_steps: Option<usize>,
    eval_frequency: usize,
}

impl Field {
    /// The step at which runs are compared that have taken one of `divisor` of the config's steps; none if that is their end.
    pub(super) fn end_of(&self, divisor: usize) -> Option<usize> {
        let n_steps = self.n_steps.filter(|_| divisor > 1)?;
        // Trials are evaluated at these steps only.
        Some((n_steps / divisor).next_multiple_of(self.eval_frequency))
    }
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
        let TrainingConfig { eval_frequency, .. } = settings.training;
        let n_steps = match options.strategy {
            Strategy::Random => None,
            Strategy::Halving => planned_steps(&settings.training, corpora.train, runner.registry())?,
        };
        Ok(Field { name, paths, plan, n_steps, eval_frequency })
    };
    match options.corpora.is_empty() {
        true => Ok(vec![field(OWN_CORPUS.to_owned(), None)?]),
        false => options.corpora.iter().map(|paths| field(paths.name.clone(), Some(paths.clone()))).collect(),
    }
}

/// By what the steps of the trials are divided where they are compared, and 1 for their end.
pub(super) fn laps(fields: &[Field], strategy: Strategy, n_trials: usize) -> Result<Vec<usize>, StudyError> {
    if strategy == Strategy::Random {
        return Ok(vec![1]);
    }
    let of_field = |field: &Field| {
        let message = "trials are compared at a third of the steps, a ninth and so on, which 0 has not if max_epochs is not above 0 \
                       either; set one of them, or take --strategy random";
        let n_steps = field.n_steps.ok_or(StudyError::Setting { key: "max_steps", message })?;
        Ok(rungs(n_trials, n_steps, field.eval_frequency))
    };
    let laps: Vec<Vec<usize>> = fields.iter().map(of_field).collect::<Result<_, StudyError>>()?;
    // As many as the shortest runs have.
    Ok(laps.into_iter().min_by_key(Vec::len).unwrap_or_else(|| vec![1]))
}

/// The runs of a trial, corpus by corpus and seed by seed, up to a share of their steps, one of `divisor`.
pub(super) fn runs_of(
    trial: &Trial,
    fields: &[Field],
    divisor: usize,
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
        runs.extend(
            field
                .plan
                .seeds
                .iter()
                .map(|&seed| Run { steps: field.end_of(divisor), ..field.plan.run(&name, &config, seed) }),
        );
    }
    Ok(runs)
}

/// Fails if the runs of a trial could not begin, before those of the others have taken their hours.
pub(super) fn check_trials(
    trials: &[Trial],
    fields: &[Field],
    space: &Space,
    runner: &Runner<'_>,
) -> Result<(), StudyError> {
    for trial in trials {
        // On the other corpora and with the other seeds the config has the same values.
        let runs = runs_of(trial, fields, 1, runner.registry())?;
        if let Some(run) = runs.first() {
            check_config(&run.config, runner.registry(), runner.device())
                .map_err(|source| wrong(&format!("variant {:?}", trial.name), space, source))?;
        }
    }
    Ok(())
}

/// Runs some of the trials up to a share of their steps.
pub(super) fn run_lap(
    trials: &[Trial],
    going: &[usize],
    fields: &[Field],
    divisor: usize,
    runner: &mut Runner<'_>,
) -> Result<Vec<TrialReport>, StudyError> {
    let runs = going.iter().map(|&index| runs_of(&trials[index], fields, divisor, runner.registry()));
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
