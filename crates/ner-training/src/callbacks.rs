//! The functions that a run calls at fixed points, as its config says.

use ner_config::{ConfigError, InitializeConfig, Registry, ResolvedConfig, TrainingConfig};
use ner_pipeline::{BeforeUpdate, Learning, Pipeline, PipelineCallback, PipelineError, UpdateCallback};

/// The callbacks of `[initialize]`, apart from those that a pipeline follows when it is made.
pub(crate) struct InitializeCallbacks {
    before_init: Option<PipelineCallback>,
    after_init: Option<PipelineCallback>,
}

impl InitializeCallbacks {
    pub(crate) fn of(
        config: &ResolvedConfig,
        registry: &Registry,
    ) -> Result<InitializeCallbacks, ConfigError> {
        let settings: InitializeConfig = config.section("initialize")?;
        let before = settings.before_init.map(|block| PipelineCallback::before_init(&block, registry));
        let after = settings.after_init.map(|block| PipelineCallback::build(&block, registry));
        Ok(InitializeCallbacks { before_init: before.transpose()?.flatten(), after_init: after.transpose()? })
    }

    pub(crate) fn before_init(&mut self, pipeline: &mut Pipeline) -> Result<(), PipelineError> {
        self.before_init.as_mut().map_or(Ok(()), |callback| callback.call(pipeline))
    }

    pub(crate) fn after_init(&mut self, pipeline: &mut Pipeline) -> Result<(), PipelineError> {
        self.after_init.as_mut().map_or(Ok(()), |callback| callback.call(pipeline))
    }
}

/// The callbacks of `[training]`.
pub(crate) struct TrainingCallbacks {
    before_update: Option<UpdateCallback>,
    before_to_disk: Option<PipelineCallback>,
}

impl TrainingCallbacks {
    pub(crate) fn of(
        settings: &TrainingConfig,
        registry: &Registry,
    ) -> Result<TrainingCallbacks, ConfigError> {
        let before_update = settings.before_update.as_ref();
        let before_to_disk = settings.before_to_disk.as_ref();
        Ok(TrainingCallbacks {
            before_update: before_update.map(|block| UpdateCallback::build(block, registry)).transpose()?,
            before_to_disk: before_to_disk
                .map(|block| PipelineCallback::build(block, registry))
                .transpose()?,
        })
    }

    pub(crate) fn before_update(
        &mut self,
        pipeline: &mut Pipeline,
        learning: &mut Learning,
        update: BeforeUpdate,
    ) -> Result<(), PipelineError> {
        let Some(callback) = &mut self.before_update else { return Ok(()) };
        // It may read all weights, and save or predict with them.
        pipeline.apply_deferred(&mut *learning.optimizer)?;
        callback.call(pipeline, update)
    }

    pub(crate) fn before_to_disk(&mut self, pipeline: &mut Pipeline) -> Result<(), PipelineError> {
        self.before_to_disk.as_mut().map_or(Ok(()), |callback| callback.call(pipeline))
    }
}
