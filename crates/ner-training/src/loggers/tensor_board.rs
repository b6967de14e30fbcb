use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use ner_config::{Builder, ConfigError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::event_file::{first_record, restart_record, scalars_record};
use crate::{Evaluation, EventSink, Logger, RunLog, RunPlan, TrainingError};

/// Curves for TensorBoard: losses, scores, learning rate and speed of each evaluation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TensorBoardLoggerConfig {
    /// The folder for the files of the run, to which `tensorboard --logdir` points.
    pub log_dir: PathBuf,
}

pub(crate) fn tensor_board_logger(
    config: TensorBoardLoggerConfig,
    _: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    Ok(Box::new(TensorBoardLogger(config)))
}

struct TensorBoardLogger(TensorBoardLoggerConfig);

impl Logger for TensorBoardLogger {
    fn start(&self, plan: &RunPlan, _: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError> {
        let now = seconds();
        // TensorBoard finds files by "tfevents", and joins those of a folder in their order. The process tells runs apart
        // that begin within a second.
        let name = format!("events.out.tfevents.{:010}.{}", now as u64, std::process::id());
        let path = self.0.log_dir.join(name);
        let begin = || {
            fs::create_dir_all(&self.0.log_dir)?;
            let mut file = File::create(&path)?;
            file.write_all(&first_record(now))?;
            if plan.first_step > 0 {
                file.write_all(&restart_record(now, plan.first_step))?;
            }
            Ok(file)
        };
        let file = begin().map_err(|source| TrainingError::EventFile { path: path.clone(), source })?;
        Ok(Box::new(TensorBoardRun { file, path, past: (plan.first_step == 0).then_some((0, 0.0)) }))
    }
}

struct TensorBoardRun {
    file: File,
    path: PathBuf,
    /// Words and seconds of the evaluation before; `None` where a run goes on.
    past: Option<(usize, f64)>,
}

impl RunLog for TensorBoardRun {
    fn step(&mut self, _: &mut dyn EventSink) {}

    fn evaluation(&mut self, evaluation: &Evaluation, _: &mut dyn EventSink) -> Result<(), TrainingError> {
        let Evaluation { words, seconds: spent, .. } = *evaluation;
        let speed = self.past.replace((words, spent));
        let speed = speed.map(|(before, start)| words.saturating_sub(before) as f64 / (spent - start));
        let losses = evaluation.losses.iter().map(|(name, loss)| (format!("loss/{name}"), *loss));
        let scores = evaluation.scores.iter();
        // Scores per label are tables, which are not flattened: TensorBoard would draw a figure for each number.
        let scores = scores.filter_map(|(name, score)| Some((format!("scores/{name}"), score.as_f64()?)));
        let others = [("score", evaluation.score), ("learn_rate", evaluation.learn_rate)].into_iter();
        let others = others.chain(speed.map(|speed| ("words_per_second", speed)));
        let others = others.map(|(name, value)| (name.to_owned(), value));
        let values: Vec<_> = losses.chain(scores).chain(others).collect();
        let record = scalars_record(seconds(), evaluation.step, &values);
        // At once, so that a run that is killed leaves every evaluation.
        let failed = |source: io::Error| TrainingError::EventFile { path: self.path.clone(), source };
        self.file.write_all(&record).map_err(failed)
    }

    fn finish(&mut self, _: &mut dyn EventSink) {}
}

/// Seconds since 1970; 0 on a clock that stands before.
fn seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}
