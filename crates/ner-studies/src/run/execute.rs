use std::path::Path;

use burn::tensor::Device;
use ner_config::{Registry, Value};
use ner_training::{EventSink, Output, TrainingError, TrainingEvent};

use super::score::score;
use super::{Run, RunFolder, RunOutcome};
use crate::StudyError;

/// Makes a run, or goes on with it, and records what became of it; `None` if it was interrupted.
pub(crate) fn execute(
    run: &Run,
    study: &Path,
    registry: &Registry,
    device: &Device,
    interrupted: &dyn Fn() -> bool,
) -> Result<Option<RunOutcome>, StudyError> {
    let folder = RunFolder::of(study, run);
    let mut config = run.config.clone();
    if let Some(steps) = run.steps {
        config.set("training.max_steps", Value::Integer(steps as i128));
    }
    let output = folder.output();
    let to = Output::resuming(&output);
    let outcome = match ner_training::train(&config, registry, device, Some(&to), &mut Unheard, interrupted) {
        Ok(report) if report.interrupted => return Ok(None),
        Ok(report) => RunOutcome::Scored(score(run, &config, &report, &folder, registry, device)?),
        Err(error @ TrainingError::Diverged { .. }) => RunOutcome::Diverged(error.to_string()),
        Err(error) => return Err(error.into()),
    };
    folder.write(run, &outcome)?;
    Ok(Some(outcome))
}

/// A study tells of runs, not of their steps.
struct Unheard;

impl EventSink for Unheard {
    fn event(&mut self, _: &TrainingEvent) {}
}
