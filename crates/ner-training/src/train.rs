use burn::tensor::Device;
use ner_config::{Document, Registry};

use crate::{EventSink, Output, TrainingError, TrainingEvent, TrainingReport, TrainingRun};

/// Trains the pipeline of a complete config, and writes `model-best`, `model-last` and a checkpoint into `output`.
///
/// Between steps `interrupted` is asked whether to stop; then the last weights are saved as `model-last`.
///
/// # Errors
/// If the config is wrong, a corpus cannot be read or holds no example, an example cannot be learned from, a directory
/// cannot be written or is in use, or the run that is to be resumed was another one.
pub fn train(
    config: &Document,
    registry: &Registry,
    device: &Device,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, TrainingError> {
    train_with(config, registry, device, output, sink, interrupted, |_, _| Ok(()))
}

/// The same with a run that `prepare` completes before its next step.
pub(crate) fn train_with(
    config: &Document,
    registry: &Registry,
    device: &Device,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
    prepare: impl FnOnce(&mut TrainingRun, &mut dyn EventSink) -> Result<(), TrainingError>,
) -> Result<TrainingReport, TrainingError> {
    let _lock = output.map(Output::lock).transpose()?;
    let mut run = begin(config, registry, device, output, sink)?;
    if run.is_over() {
        let report = run.report(false);
        sink.event(&TrainingEvent::AlreadyOver { step: report.last_step });
        report.halves.iter().for_each(|halves| sink.event(&TrainingEvent::Halves(halves.clone())));
        return Ok(report);
    }
    prepare(&mut run, sink)?;
    // Before anything is saved, also where `follow` would only then find out.
    run.check_lessons()?;
    let outcome = run.follow(output, sink, interrupted);
    let report = run.report(matches!(outcome, Ok(true)));
    if let Some(output) = output
        && !matches!(outcome, Err(TrainingError::Diverged { .. }))
    {
        // Before an error is passed on, as in spaCy: a bad document late in the corpus does not cost the training
        // so far.
        let path = run.save_last(output)?;
        // Not after an error, in the middle of a step: the checkpoint of the last evaluation stays.
        if outcome.is_ok() {
            run.save_checkpoint(output)?;
        }
        sink.event(&TrainingEvent::Saved { path, is_interrupted: report.interrupted });
    }
    outcome?;
    if let Some(event) = run.fruitless() {
        sink.event(&event);
    }
    report.halves.iter().for_each(|halves| sink.event(&TrainingEvent::Halves(halves.clone())));
    let TrainingReport { words, seconds, update_seconds, .. } = report;
    tracing::info!(words, seconds, update_seconds, "trained");
    Ok(report)
}

/// The run at its first step, or where the checkpoint is that the output is to go on from.
fn begin(
    config: &Document,
    registry: &Registry,
    device: &Device,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
) -> Result<TrainingRun, TrainingError> {
    let Some(checkpoint) = output.map(Output::checkpoint).transpose()?.flatten() else {
        if let Some(event) = output.and_then(Output::about_beginning) {
            sink.event(&event);
        }
        return TrainingRun::start(config, registry, device, sink);
    };
    sink.event(&TrainingEvent::Resuming {
        step: checkpoint.run.step(),
        changes: checkpoint.run.changes(config)?,
    });
    TrainingRun::resume(config, checkpoint, registry, device)
}
