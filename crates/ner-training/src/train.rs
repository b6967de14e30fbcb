use std::path::Path;

use burn::tensor::Device;
use ner_config::{Document, Registry};

use crate::{EventSink, TrainingError, TrainingEvent, TrainingReport, TrainingRun};

/// Trains the pipeline of a complete config, and writes `model-best` and `model-last` into `output`.
///
/// Between steps `interrupted` is asked whether to stop; then the last weights are saved as `model-last`.
///
/// # Errors
/// If the config is wrong, a corpus cannot be read or holds no example, an example cannot be learned from, or a
/// directory cannot be written.
pub fn train(
    config: &Document,
    registry: &Registry,
    device: &Device,
    output: Option<&Path>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, TrainingError> {
    let mut run = TrainingRun::start(config, registry, device, sink)?;
    let outcome = run.follow(output, sink, interrupted);
    let report = run.report(matches!(outcome, Ok(true)));
    // Before an error is passed on, as in spaCy: a bad document late in the corpus does not cost the training
    // so far.
    if let Some(output) = output {
        let path = run.save_last(output)?;
        sink.event(&TrainingEvent::Saved { path, is_interrupted: report.interrupted });
    }
    outcome?;
    if let Some(event) = run.fruitless() {
        sink.event(&event);
    }
    let TrainingReport { words, seconds, update_seconds, .. } = report;
    tracing::info!(words, seconds, update_seconds, "trained");
    Ok(report)
}
