use ner_config::{Block, Builder, ConfigError, Kind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Evaluation, EventSink, Logger, RunLog, RunPlan, TrainingError};

/// Up to ten loggers of one run, in this order.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say all")]
pub struct ChainLoggerConfig {
    pub logger1: Option<Block>,
    pub logger2: Option<Block>,
    pub logger3: Option<Block>,
    pub logger4: Option<Block>,
    pub logger5: Option<Block>,
    pub logger6: Option<Block>,
    pub logger7: Option<Block>,
    pub logger8: Option<Block>,
    pub logger9: Option<Block>,
    pub logger10: Option<Block>,
}

pub(crate) fn chain_logger(
    config: ChainLoggerConfig,
    builder: &Builder,
) -> Result<Box<dyn Logger>, ConfigError> {
    let ChainLoggerConfig { logger1, logger2, logger3, logger4, logger5, .. } = config;
    let ChainLoggerConfig { logger6, logger7, logger8, logger9, logger10, .. } = config;
    let blocks = [logger1, logger2, logger3, logger4, logger5, logger6, logger7, logger8, logger9, logger10];
    let loggers = blocks.iter().flatten().map(|block| builder.build(Kind::Loggers, block));
    let loggers: Vec<Box<dyn Logger>> = loggers.collect::<Result<_, _>>()?;
    if loggers.is_empty() {
        return Err(builder.invalid("logger1", "expected a logger, and none is named up to logger10"));
    }
    Ok(Box::new(ChainLogger(loggers)))
}

struct ChainLogger(Vec<Box<dyn Logger>>);

impl Logger for ChainLogger {
    fn start(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError> {
        let logs = self.0.iter().map(|logger| logger.start(plan, sink));
        Ok(Box::new(ChainRun(logs.collect::<Result<_, _>>()?)))
    }
}

struct ChainRun(Vec<Box<dyn RunLog>>);

impl RunLog for ChainRun {
    fn step(&mut self, sink: &mut dyn EventSink) {
        self.0.iter_mut().for_each(|log| log.step(sink));
    }

    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn EventSink) -> Result<(), TrainingError> {
        self.0.iter_mut().try_for_each(|log| log.evaluation(evaluation, sink))
    }

    fn finish(&mut self, sink: &mut dyn EventSink) {
        self.0.iter_mut().for_each(|log| log.finish(sink));
    }
}
