use ner_config::{Block, ConfigError, Document, NlpConfig, Registry};

use super::PipelineCallback;
use super::placed::ConfigCallback;
use crate::components::Components;
use crate::{Pipeline, PipelineError};

/// The callbacks of `[nlp]`.
#[derive(Default)]
pub(crate) struct CreationCallbacks {
    before_creation: Option<ConfigCallback>,
    after_creation: Option<PipelineCallback>,
    after_pipeline_creation: Option<PipelineCallback>,
}

impl CreationCallbacks {
    /// Those that are known here; a warning names the others.
    pub(crate) fn of(nlp: &NlpConfig, registry: &Registry) -> Result<CreationCallbacks, ConfigError> {
        let known = |block: &Option<Block>| block.clone().filter(|block| is_known(block, registry));
        let on_pipeline = |block: &Option<Block>| {
            known(block).map(|block| PipelineCallback::build(&block, registry)).transpose()
        };
        let before = known(&nlp.before_creation);
        Ok(CreationCallbacks {
            before_creation: before.map(|block| ConfigCallback::build(&block, registry)).transpose()?,
            after_creation: on_pipeline(&nlp.after_creation)?,
            after_pipeline_creation: on_pipeline(&nlp.after_pipeline_creation)?,
        })
    }

    /// The config, changed by `before_creation`.
    pub(crate) fn before_creation(&mut self, mut config: Document) -> Result<Document, PipelineError> {
        if let Some(callback) = &mut self.before_creation {
            callback.call(&mut config)?;
        }
        Ok(config)
    }

    /// To be called with a pipeline that has no components yet.
    pub(crate) fn after_creation(&mut self, pipeline: &mut Pipeline) -> Result<(), PipelineError> {
        self.after_creation.as_mut().map_or(Ok(()), |callback| callback.call(pipeline))
    }

    /// Gives the pipeline its components.
    pub(crate) fn complete(
        mut self,
        pipeline: &mut Pipeline,
        components: Components,
    ) -> Result<(), PipelineError> {
        pipeline.components = components;
        self.after_pipeline_creation.as_mut().map_or(Ok(()), |callback| callback.call(pipeline))
    }
}

/// Whether the function that a block names is known here. A pipeline of another program may be opened without.
fn is_known(block: &Block, registry: &Registry) -> bool {
    let Some((kind, name)) = block.named() else { return true };
    let is_known = registry.get(kind, name).is_some();
    if !is_known {
        let key = block.path();
        tracing::warn!(
            "{key}: {name:?} is code that is not known here and does not run; it may change anything."
        );
    }
    is_known
}
