use burn::tensor::Device;
use ner_config::{Document, Registry};

use super::DistillOptions;
use crate::train::train_with;
use crate::{EventSink, Output, TrainingError, TrainingReport};

/// Trains the pipeline of a complete config, whose section `[distillation]` says how, and lets it learn from teachers on raw
/// text as well. Otherwise as [`train`](crate::train).
///
/// In each step the gradient of a batch of the training data and that of some raw text add up. Along the states that it
/// visits itself on the raw text, the pipeline learns the distributions over actions that the teachers give these states:
/// imitation learning as in Ross, Gordon and Bagnell, "A Reduction of Imitation Learning and Structured Prediction to
/// No-Regret Online Learning" (AISTATS 2011), with the soft targets of Hinton, Vinyals and Dean.
///
/// # Errors
/// Those of [`train`](crate::train), and if the labels of teachers and pipeline do not fit or a raw file has no word.
pub fn distill(
    config: &Document,
    options: DistillOptions,
    registry: &Registry,
    device: &Device,
    output: Option<&Output<'_>>,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<TrainingReport, TrainingError> {
    train_with(config, registry, device, output, sink, interrupted, |run, sink| run.learn_from(options, sink))
}
