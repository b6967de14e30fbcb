use ner_config::{Builder, ConfigError, Value};
use schemars::JsonSchema;
use serde::Deserialize;

use super::console_logger::{ConsoleLoggerV3Config, console_logger_v3};
use crate::{Evaluation, EventSink, Logger, RunLog, RunPlan, TrainingError, TrainingEvent};

/// A logger that reports to a service or a library of Python: accepted, told once, and without effect. Where it is the
/// only one, the run has the table of the console.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "nothing reads them")]
pub struct UnheardLoggerConfig {
    #[schemars(extend("x-unwritten" = true))]
    pub project_name: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub task_name: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub experiment_id: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub run_id: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub run_name: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub entity: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub nested: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub tags: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub remove_config_values: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub model_log_interval: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub log_dataset_dir: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub log_best_dir: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub log_latest_dir: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub log_custom_stats: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub patterns: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub prefix: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub device: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub cuda_mem_pool: Option<Value>,
    #[schemars(extend("x-unwritten" = true))]
    pub cuda_mem_metric: Option<Value>,
}

/// Stands for the logger `name`, in whose place `instead` may be taken.
// Accepted, and no error: what is trained does not depend on it, and a config that came from spaCy should train as it is,
// a sweep of a hundred included.
pub(crate) fn unheard_logger(
    name: &'static str,
    instead: &'static str,
    _: UnheardLoggerConfig,
    builder: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    // Beside others a table would be a second one, or one that nobody asked for.
    let is_alone = builder.path() == "training.logger";
    let table = is_alone.then(|| console_logger_v3(ConsoleLoggerV3Config::default(), builder)).transpose()?;
    Ok(Box::new(UnheardLogger { name, instead, table }))
}

struct UnheardLogger {
    name: &'static str,
    instead: &'static str,
    table: Option<Box<dyn Logger>>,
}

impl Logger for UnheardLogger {
    fn start(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError> {
        let (logger, instead) = (self.name.to_owned(), self.instead.to_owned());
        sink.event(&TrainingEvent::Unheard { logger, instead });
        match &self.table {
            Some(table) => table.start(plan, sink),
            None => Ok(Box::new(Silence)),
        }
    }
}

struct Silence;

impl RunLog for Silence {
    fn step(&mut self, _: &mut dyn EventSink) {}

    fn evaluation(&mut self, _: &Evaluation, _: &mut dyn EventSink) -> Result<(), TrainingError> {
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn EventSink) {}
}
