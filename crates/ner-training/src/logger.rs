use std::fmt;

use indexmap::IndexMap;

use crate::error::TrainingError;
use crate::score::{ScoreWeights, Scores};

/// Reports how training goes; the product of what `[training.logger]` names, as a `Box<dyn Logger>`.
pub trait Logger: Send {
    /// Called before the first step of a run.
    fn start(&self, plan: &RunPlan, sink: &mut dyn LogSink) -> Result<Box<dyn RunLog>, TrainingError>;
}

/// A run of training as a logger follows it.
pub trait RunLog: Send {
    /// Called after each step that was not evaluated.
    fn step(&mut self, sink: &mut dyn LogSink);

    /// Called after each step that was.
    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn LogSink) -> Result<(), TrainingError>;

    /// Called at the end, however the run ends.
    fn finish(&mut self, sink: &mut dyn LogSink);
}

/// What is known of a run before its first step.
#[derive(Clone, Debug, Default)]
pub struct RunPlan {
    /// The components that are trained, in the order of the pipeline.
    pub trained: Vec<String>,
    /// `training.score_weights`.
    pub score_weights: ScoreWeights,
    /// `training.max_steps`.
    pub max_steps: usize,
    /// `training.eval_frequency`.
    pub eval_frequency: usize,
}

/// A step that was evaluated.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// How many passes over the data were complete.
    pub epoch: usize,
    /// The number of the step, from 0.
    pub step: usize,
    /// The loss of each component, summed since the evaluation before.
    pub losses: IndexMap<String, f64>,
    /// What was measured.
    pub scores: Scores,
    /// The final score.
    pub score: f64,
}

/// Where a logger's output goes.
pub trait LogSink {
    /// Shows a line of text.
    fn line(&mut self, line: &LogLine);

    /// Shows a progress bar in place of the one before, or removes it.
    fn progress(&mut self, progress: Option<&Progress>);
}

/// Width of a title with its rule.
const TITLE_WIDTH: usize = 77;

/// A line of a logger's output; its `Display` is the text as spaCy prints it without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// A remark.
    Info(String),
    /// A warning.
    Warning(String),
    /// Something is done.
    Good(String),
    /// The title of what follows, between an empty line and the rows below.
    Title(String),
    /// A row of the table.
    Row(String),
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogLine::Info(text) => write!(f, "ℹ {text}"),
            LogLine::Warning(text) => write!(f, "⚠ {text}"),
            LogLine::Good(text) => write!(f, "✔ {text}"),
            LogLine::Title(text) => write!(f, "\n{:=^width$}", format!(" {text} "), width = TITLE_WIDTH),
            LogLine::Row(text) => f.write_str(text),
        }
    }
}

/// A progress bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What stands before the bar.
    pub description: String,
    /// How many steps are done.
    pub n_done: usize,
    /// How many steps there are; 0, it is not known.
    pub n_steps: usize,
}
