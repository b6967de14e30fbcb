//! Callbacks with their place in a config, which their errors name.

use ner_config::{Block, ConfigError, Document, Kind, Registry};

use super::callback::{
    BeforeUpdate, Call, Callback, CopyFromBaseModel, OnConfig, OnPipeline, OnUpdate, Outcome,
};
use crate::{Pipeline, PipelineError};

/// A callback that changes the config of a pipeline to be made.
pub(super) struct ConfigCallback(Place, Box<OnConfig>);

/// A callback that changes a pipeline.
pub struct PipelineCallback(Place, Box<OnPipeline>);

/// A callback that changes a pipeline before a step.
pub struct UpdateCallback(Place, Box<OnUpdate>);

/// Where a config names a callback.
struct Place {
    key: String,
    name: String,
}

impl ConfigCallback {
    pub(super) fn build(block: &Block, registry: &Registry) -> Result<ConfigCallback, ConfigError> {
        match build(block, registry)? {
            (place, Callback(Call::OnConfig(call))) => Ok(ConfigCallback(place, call)),
            (place, other) => Err(place.wrong(&other, "Callback::of_config")),
        }
    }

    pub(super) fn call(&mut self, config: &mut Document) -> Result<(), PipelineError> {
        self.0.told((self.1)(config))
    }
}

impl PipelineCallback {
    /// The callback that a block names.
    pub fn build(block: &Block, registry: &Registry) -> Result<PipelineCallback, ConfigError> {
        match build(block, registry)? {
            (place, Callback(Call::OnPipeline(call))) => Ok(PipelineCallback(place, call)),
            (place, other) => Err(place.wrong(&other, "Callback::of_pipeline")),
        }
    }

    /// The callback that `initialize.before_init` names; `None` if a pipeline follows it when it is made.
    pub fn before_init(block: &Block, registry: &Registry) -> Result<Option<PipelineCallback>, ConfigError> {
        match CopyFromBaseModel::build(block, registry)? {
            Some(_) => Ok(None),
            None => PipelineCallback::build(block, registry).map(Some),
        }
    }

    /// Calls it.
    ///
    /// # Errors
    /// If it fails; the pipeline may be changed in part then.
    pub fn call(&mut self, pipeline: &mut Pipeline) -> Result<(), PipelineError> {
        self.0.told((self.1)(pipeline))
    }
}

impl UpdateCallback {
    /// The callback that a block names.
    pub fn build(block: &Block, registry: &Registry) -> Result<UpdateCallback, ConfigError> {
        match build(block, registry)? {
            (place, Callback(Call::OnUpdate(call))) => Ok(UpdateCallback(place, call)),
            (place, other) => Err(place.wrong(&other, "Callback::of_update")),
        }
    }

    /// Calls it.
    ///
    /// # Errors
    /// If it fails; the pipeline may be changed in part then.
    pub fn call(&mut self, pipeline: &mut Pipeline, update: BeforeUpdate) -> Result<(), PipelineError> {
        self.0.told((self.1)(pipeline, update))
    }
}

impl CopyFromBaseModel {
    /// What the block says, if it names the function of this.
    pub(crate) fn build(
        block: &Block,
        registry: &Registry,
    ) -> Result<Option<CopyFromBaseModel>, ConfigError> {
        match build(block, registry)? {
            (_, Callback(Call::CopyFromBaseModel(copy))) => Ok(Some(copy)),
            _ => Ok(None),
        }
    }
}

fn build(block: &Block, registry: &Registry) -> Result<(Place, Callback), ConfigError> {
    let callback = registry.build(Kind::Callbacks, block)?;
    let name = block.named().map_or(String::new(), |(_, name)| name.to_owned());
    Ok((Place { key: block.path().to_owned(), name }, callback))
}

impl Place {
    /// The error that the callback takes other arguments than this place has.
    fn wrong(self, found: &Callback, expected: &'static str) -> ConfigError {
        ConfigError::WrongProduct {
            path: self.key,
            kind: Kind::Callbacks,
            function: self.name,
            built: found.constructor(),
            expected,
        }
    }

    fn told(&self, outcome: Outcome) -> Result<(), PipelineError> {
        outcome.map_err(|source| PipelineError::Callback {
            key: self.key.clone(),
            name: self.name.clone(),
            source,
        })
    }
}
