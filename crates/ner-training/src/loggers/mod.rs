//! Loggers: the part of a run's figures that is shown, and the part that goes to a file.

mod console_logger;
mod log_file;
mod run_plan;

use indexmap::IndexMap;

pub use console_logger::{ConsoleLoggerV1Config, ConsoleLoggerV2Config, ConsoleLoggerV3Config};
pub(crate) use console_logger::{console_logger_v1, console_logger_v2, console_logger_v3};
pub use run_plan::RunPlan;

use ner_scorer::Scores;

use crate::{EventSink, TrainingError};

/// Reports the progress of training; the product of every function of the kind `@loggers`, as a `Box<dyn Logger>`.
pub trait Logger: Send {
    /// Called before the first step of a run.
    fn start(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError>;
}

/// A run of training as a logger follows it.
pub trait RunLog: Send {
    /// Called after each step that was not evaluated.
    fn step(&mut self, sink: &mut dyn EventSink);

    /// Called after each step that was.
    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn EventSink) -> Result<(), TrainingError>;

    /// Called at the end, however the run ends.
    fn finish(&mut self, sink: &mut dyn EventSink);
}

/// A step that was evaluated.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Complete passes over the training corpus.
    pub epoch: usize,
    /// The number of the step, from 0.
    pub step: usize,
    /// The loss of each component, summed since the evaluation before.
    pub losses: IndexMap<String, f64>,
    /// All scores of the evaluation corpus.
    pub scores: Scores,
    /// The final score.
    pub score: f64,
}
