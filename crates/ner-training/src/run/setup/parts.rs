use ner_config::{Kind, Registry, ResolvedConfig, TrainingConfig};
use ner_optim::Optimizer;
use ner_pipeline::{Pipeline, Random};

use super::checks::{check_components, check_groups};
use crate::callbacks::TrainingCallbacks;
use crate::run::Corpora;
use crate::{Logger, TrainingError};

/// The parts of a run that its config names, apart from the pipeline.
pub(in crate::run) struct Parts {
    pub(in crate::run) settings: TrainingConfig,
    pub(in crate::run) logger: Box<dyn Logger>,
    pub(in crate::run) callbacks: TrainingCallbacks,
    pub(in crate::run) corpora: Corpora,
    pub(in crate::run) optimizer: Box<dyn Optimizer>,
    pub(in crate::run) random: Random,
}

impl Parts {
    /// `corpora` are those of the config unless they are given.
    pub(in crate::run) fn read(
        config: &ResolvedConfig,
        registry: &Registry,
        pipeline: &mut Pipeline,
        corpora: Option<Corpora>,
    ) -> Result<Parts, TrainingError> {
        let settings: TrainingConfig = config.section("training")?;
        // All that is quickly checked comes before the corpora, which take longest.
        let logger = registry.build(Kind::Loggers, &settings.logger)?;
        let callbacks = TrainingCallbacks::of(&settings, registry)?;
        check_components(&settings, pipeline)?;
        let optimizer: Box<dyn Optimizer> = registry.build(Kind::Optimizers, &settings.optimizer)?;
        check_groups(&*optimizer, pipeline)?;
        let random = Random::new(settings.seed);
        let mut corpora = match corpora {
            Some(corpora) => corpora,
            None => Corpora::read(config, &settings, registry, pipeline, &random.python)?,
        };
        // Once for all epochs: components that need no training annotate a document the same way each time.
        pipeline.annotate_predicted(corpora.train.held_mut(), &settings.annotating_components);
        Ok(Parts { settings, logger, callbacks, corpora, optimizer, random })
    }
}
