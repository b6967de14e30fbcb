use std::path::PathBuf;

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::log_file::LogFile;
use crate::run::{OUT_BIAS, number};
use crate::{
    Evaluation, EventSink, LogRow, Logger, Progress, ProgressBar, RunLog, RunPlan, TrainingError,
    TrainingEvent,
};

/// A table on the console.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleLoggerV1Config {
    /// Whether to show a progress bar from one evaluation to the next.
    pub progress_bar: bool,
}

/// A table on the console, a file of JSON lines, or both.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleLoggerV2Config {
    /// Whether to show a progress bar from one evaluation to the next.
    pub progress_bar: bool,
    /// Whether to show the table.
    pub console_output: bool,
    /// The file for the JSON lines; it is not overwritten.
    pub output_file: Option<PathBuf>,
}

/// A table on the console, a file of JSON lines, or both.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleLoggerV3Config {
    /// Which progress bar to show below the table, if any.
    pub progress_bar: Option<ProgressBar>,
    /// Whether to show the table.
    pub console_output: bool,
    /// The file for the JSON lines; it is not overwritten.
    pub output_file: Option<PathBuf>,
}

impl Default for ConsoleLoggerV2Config {
    fn default() -> ConsoleLoggerV2Config {
        ConsoleLoggerV2Config { progress_bar: false, console_output: true, output_file: None }
    }
}

impl Default for ConsoleLoggerV3Config {
    fn default() -> ConsoleLoggerV3Config {
        ConsoleLoggerV3Config { progress_bar: None, console_output: true, output_file: None }
    }
}

pub(crate) fn console_logger_v1(
    config: ConsoleLoggerV1Config,
    builder: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    // Each version is a special case of the next, so that only the newest has code.
    let ConsoleLoggerV1Config { progress_bar } = config;
    console_logger_v2(ConsoleLoggerV2Config { progress_bar, ..ConsoleLoggerV2Config::default() }, builder)
}

pub(crate) fn console_logger_v2(
    config: ConsoleLoggerV2Config,
    builder: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    let ConsoleLoggerV2Config { progress_bar, console_output, output_file } = config;
    let progress_bar = progress_bar.then_some(ProgressBar::Eval);
    console_logger_v3(ConsoleLoggerV3Config { progress_bar, console_output, output_file }, builder)
}

pub(crate) fn console_logger_v3(
    config: ConsoleLoggerV3Config,
    _: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    Ok(Box::new(ConsoleLogger(config)))
}

struct ConsoleLogger(ConsoleLoggerV3Config);

impl Logger for ConsoleLogger {
    fn start(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError> {
        let file = self.open_file(plan, sink)?;
        let scores = plan.score_weights.iter().filter(|(_, weight)| weight.is_some());
        let scores: Vec<String> = scores.map(|(name, _)| name.clone()).collect();
        let has_table = self.0.console_output;
        if has_table {
            let losses = plan.trained.clone();
            sink.event(&TrainingEvent::TableStarted { losses, scores: scores.clone() });
        }
        // spaCy: a bar is shown only below a table (training/loggers.py).
        let bar = self.0.progress_bar.filter(|_| has_table);
        Ok(Box::new(ConsoleRun { plan: plan.clone(), scores, has_table, file, bar, progress: None }))
    }
}

impl ConsoleLogger {
    fn open_file(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Option<LogFile>, TrainingError> {
        let Some(path) = &self.0.output_file else { return Ok(None) };
        // spaCy: an existing log is kept, and the run goes without one (training/loggers.py), which is
        // reported and no error. That of a run that goes on is its own.
        let exists = path.exists();
        let is_written = !exists || plan.first_step > 0;
        sink.event(&TrainingEvent::LogFile { path: path.clone(), is_written });
        match (is_written, exists) {
            (false, _) => Ok(None),
            (true, false) => LogFile::create(path).map(Some),
            (true, true) => LogFile::resume(path, plan.first_step).map(Some),
        }
    }
}

struct ConsoleRun {
    plan: RunPlan,
    /// The names of the scores to show.
    scores: Vec<String>,
    has_table: bool,
    file: Option<LogFile>,
    bar: Option<ProgressBar>,
    progress: Option<Progress>,
}

impl RunLog for ConsoleRun {
    fn step(&mut self, sink: &mut dyn EventSink) {
        if let Some(progress) = &mut self.progress {
            progress.n_done += 1;
            sink.event(&TrainingEvent::Progress(Some(progress.clone())));
        }
    }

    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn EventSink) -> Result<(), TrainingError> {
        let row = self.row(evaluation)?;
        // The file first: an evaluation on the screen is then on the disk, too.
        if let Some(file) = &mut self.file {
            file.write(&row)?;
        }
        if self.has_table {
            // The bar is taken away before the row is printed, and shown again below it.
            sink.event(&TrainingEvent::Progress(None));
            sink.event(&TrainingEvent::Row(row));
        }
        self.progress = self.bar.map(|bar| self.progress_after(bar, evaluation));
        if self.progress.is_some() {
            sink.event(&TrainingEvent::Progress(self.progress.clone()));
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut dyn EventSink) {
        if self.progress.take().is_some() {
            sink.event(&TrainingEvent::Progress(None));
        }
    }
}

impl ConsoleRun {
    fn row(&self, evaluation: &Evaluation) -> Result<LogRow, TrainingError> {
        let losses =
            self.plan.trained.iter().map(|component| Ok((component.clone(), loss(component, evaluation)?)));
        let scores = self.scores.iter().map(|name| Ok((name.clone(), shown_score(name, evaluation)?)));
        Ok(LogRow {
            epoch: evaluation.epoch,
            step: evaluation.step,
            losses: losses.collect::<Result<_, TrainingError>>()?,
            scores: scores.collect::<Result<_, TrainingError>>()?,
            // spaCy: the final score is not in per cent, though those beside it are (training/loggers.py).
            score: evaluation.score,
        })
    }

    fn progress_after(&self, bar: ProgressBar, evaluation: &Evaluation) -> Progress {
        let (n_done, n_steps) = match bar {
            // spaCy: the number of the step, which counts from 0, so that this bar is one step behind
            // (training/loggers.py).
            ProgressBar::Train => (evaluation.step, self.plan.max_steps),
            ProgressBar::Eval => (0, self.plan.eval_frequency),
        };
        Progress { bar, epoch: evaluation.epoch, n_done, n_steps }
    }
}

fn loss(component: &str, evaluation: &Evaluation) -> Result<f64, TrainingError> {
    evaluation.losses.get(component).copied().ok_or_else(|| TrainingError::NoLoss {
        component: component.to_owned(),
        found: evaluation.losses.keys().cloned().collect(),
    })
}

/// A score as the table shows it: in percent, 0 if it was not measured, except for speed, which is words per second, and
/// for a bias.
fn shown_score(name: &str, evaluation: &Evaluation) -> Result<f64, TrainingError> {
    let score = evaluation.scores.get(name).map_or(Ok(0.0), |score| number(name, score))?;
    Ok(if name == "speed" || name == OUT_BIAS { score } else { score * 100.0 })
}
