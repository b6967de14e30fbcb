use std::path::PathBuf;

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::TrainingError;
use crate::log_file::{LogFile, LogRow};
use crate::logger::{Evaluation, LogLine, LogSink, Logger, Progress, RunLog, RunPlan};
use crate::score;
use crate::table::Table;

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

/// What a progress bar counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProgressBar {
    /// The steps of the run.
    Train,
    /// The steps from one evaluation to the next.
    Eval,
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
    fn start(&self, plan: &RunPlan, sink: &mut dyn LogSink) -> Result<Box<dyn RunLog>, TrainingError> {
        let file = self.open_file(sink)?;
        let scores = plan.score_weights.iter().filter(|(_, weight)| weight.is_some());
        let scores: Vec<String> = scores.map(|(name, _)| name.clone()).collect();
        let table = self.0.console_output.then(|| Table::new(&plan.trained, &scores));
        if let Some(table) = &table {
            sink.line(&LogLine::Row(table.header()));
            sink.line(&LogLine::Row(table.rule()));
        }
        let bar = self.0.progress_bar.filter(|_| table.is_some());
        Ok(Box::new(ConsoleRun { plan: plan.clone(), scores, table, file, bar, progress: None }))
    }
}

impl ConsoleLogger {
    fn open_file(&self, sink: &mut dyn LogSink) -> Result<Option<LogFile>, TrainingError> {
        let Some(path) = &self.0.output_file else { return Ok(None) };
        if path.exists() {
            let text = format!("Saving logs is disabled because {} already exists.", path.display());
            sink.line(&LogLine::Warning(text));
            return Ok(None);
        }
        sink.line(&LogLine::Info(format!("Saving results to {}", path.display())));
        LogFile::create(path).map(Some)
    }
}

struct ConsoleRun {
    plan: RunPlan,
    /// The names of the scores to show.
    scores: Vec<String>,
    table: Option<Table>,
    file: Option<LogFile>,
    bar: Option<ProgressBar>,
    progress: Option<Progress>,
}

impl RunLog for ConsoleRun {
    fn step(&mut self, sink: &mut dyn LogSink) {
        if let Some(progress) = &mut self.progress {
            progress.n_done += 1;
            sink.progress(Some(progress));
        }
    }

    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn LogSink) -> Result<(), TrainingError> {
        let row = self.row(evaluation)?;
        if let Some(file) = &mut self.file {
            file.write(&row)?;
        }
        if let Some(table) = &self.table {
            sink.progress(None);
            sink.line(&LogLine::Row(table.row(cells(&row))));
        }
        self.progress = self.bar.map(|bar| self.progress_after(bar, evaluation));
        if self.progress.is_some() {
            sink.progress(self.progress.as_ref());
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut dyn LogSink) {
        if self.progress.take().is_some() {
            sink.progress(None);
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
            score: evaluation.score,
        })
    }

    fn progress_after(&self, bar: ProgressBar, evaluation: &Evaluation) -> Progress {
        match bar {
            ProgressBar::Train => Progress {
                description: format!("Last Eval Epoch: {}", evaluation.epoch),
                n_done: evaluation.step,
                n_steps: self.plan.max_steps,
            },
            ProgressBar::Eval => Progress {
                description: format!("Epoch {}", evaluation.epoch + 1),
                n_done: 0,
                n_steps: self.plan.eval_frequency,
            },
        }
    }
}

fn loss(component: &str, evaluation: &Evaluation) -> Result<f64, TrainingError> {
    evaluation.losses.get(component).copied().ok_or_else(|| TrainingError::NoLoss {
        component: component.to_owned(),
        found: evaluation.losses.keys().cloned().collect(),
    })
}

/// A score as the table shows it: in percent, 0 if it was not measured, except for speed, which is words per second.
fn shown_score(name: &str, evaluation: &Evaluation) -> Result<f64, TrainingError> {
    let score = evaluation.scores.get(name).map_or(Ok(0.0), |score| score::number(name, score))?;
    Ok(if name == "speed" { score } else { score * 100.0 })
}

fn cells(row: &LogRow) -> impl Iterator<Item = String> {
    let numbers = row.losses.values().chain(row.scores.values()).chain([&row.score]);
    // Python writes `nan` where Rust writes `NaN`.
    let numbers = numbers.map(|number| format!("{number:.2}").to_lowercase());
    [row.epoch.to_string(), row.step.to_string()].into_iter().chain(numbers)
}
