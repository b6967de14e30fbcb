use std::cell::Cell;
use std::path::Path;

use burn::tensor::Device;
use ner_config::Registry;
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
    let config = &run.config;
    // As if it were interrupted, so that a rate that falls over the run is that of all of it.
    let is_lap_over = Cell::new(false);
    let mut listener = Listener { is_lap_over: &is_lap_over, steps: run.steps };
    let stops = || is_lap_over.get() || interrupted();
    let output = folder.output();
    let to = Output::resuming(&output);
    let outcome = match ner_training::train(config, registry, device, Some(&to), &mut listener, &stops) {
        Ok(report) if report.interrupted && !is_lap_over.get() => return Ok(None),
        Ok(report) => RunOutcome::Scored(score(run, config, &report, &folder, registry, device)?),
        Err(error @ TrainingError::Diverged { .. }) => RunOutcome::Diverged(error.to_string()),
        Err(error) => return Err(error.into()),
    };
    folder.write(run, &outcome)?;
    Ok(Some(outcome))
}

/// Waits for the step at which a run is compared with others. A study tells of runs, not of their steps.
struct Listener<'a> {
    is_lap_over: &'a Cell<bool>,
    steps: Option<usize>,
}

impl EventSink for Listener<'_> {
    fn event(&mut self, event: &TrainingEvent) {
        let last = match event {
            // It was killed before its score was recorded.
            TrainingEvent::Started { past, .. } => past.last(),
            TrainingEvent::Evaluated(evaluation) => Some(evaluation),
            _ => None,
        };
        if let (Some(evaluation), Some(steps)) = (last, self.steps)
            && evaluation.step >= steps
        {
            self.is_lap_over.set(true);
        }
    }
}
