use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use ner_config::Document;

use crate::Pipeline;

/// What a function of `@callbacks` builds. What it is called with decides where a config may name it:
///
/// | keys | called | with |
/// |---|---|---|
/// | `nlp.before_creation` | first of all, when a pipeline is made or loaded | [the config](Callback::of_config) |
/// | `nlp.after_creation` | when its tokenizer is there, and no component yet | [the pipeline](Callback::of_pipeline) |
/// | `nlp.after_pipeline_creation` | when its components are there as well | the pipeline |
/// | `initialize.before_init`, `after_init` | before corpora are read; when the first weights are drawn | the pipeline |
/// | `training.before_update` | before each step | [the pipeline and its step](Callback::of_update) |
/// | `training.before_to_disk` | before `model-last` and `model-best` are saved, with averaged weights | the pipeline |
pub struct Callback(pub(super) Call);

/// Why a callback fails.
pub(super) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

pub(super) type OnConfig = dyn FnMut(&mut Document) -> Outcome + Send;
pub(super) type OnPipeline = dyn FnMut(&mut Pipeline) -> Outcome + Send;
pub(super) type OnUpdate = dyn FnMut(&mut Pipeline, BeforeUpdate) -> Outcome + Send;

pub(super) enum Call {
    OnConfig(Box<OnConfig>),
    OnPipeline(Box<OnPipeline>),
    OnUpdate(Box<OnUpdate>),
    /// Not called, but read before the pipeline is made: its tokenizer and vocabulary do not change afterwards.
    CopyFromBaseModel(CopyFromBaseModel),
}

/// The pipelines from which a new one takes its tokenizer and its vocabulary.
#[derive(Debug, Default)]
pub(crate) struct CopyFromBaseModel {
    pub(crate) tokenizer: Option<PathBuf>,
    pub(crate) vocab: Option<PathBuf>,
}

/// The step that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeforeUpdate {
    /// Its number, from 0.
    pub step: usize,
    /// Complete passes over the training corpus.
    pub epoch: usize,
}

impl Callback {
    /// One that changes the config that a pipeline is made of.
    pub fn of_config<E: Into<Box<dyn Error + Send + Sync>>>(
        mut call: impl FnMut(&mut Document) -> Result<(), E> + Send + 'static,
    ) -> Callback {
        Callback(Call::OnConfig(Box::new(move |config| call(config).map_err(Into::into))))
    }

    /// One that changes a pipeline.
    pub fn of_pipeline<E: Into<Box<dyn Error + Send + Sync>>>(
        mut call: impl FnMut(&mut Pipeline) -> Result<(), E> + Send + 'static,
    ) -> Callback {
        Callback(Call::OnPipeline(Box::new(move |pipeline| call(pipeline).map_err(Into::into))))
    }

    /// One that changes a pipeline before a step of training.
    pub fn of_update<E: Into<Box<dyn Error + Send + Sync>>>(
        mut call: impl FnMut(&mut Pipeline, BeforeUpdate) -> Result<(), E> + Send + 'static,
    ) -> Callback {
        Callback(Call::OnUpdate(Box::new(move |pipeline, update| call(pipeline, update).map_err(Into::into))))
    }

    /// How it was made, for errors.
    pub(super) fn constructor(&self) -> &'static str {
        match self.0 {
            Call::OnConfig(_) => "Callback::of_config",
            Call::OnPipeline(_) => "Callback::of_pipeline",
            Call::OnUpdate(_) => "Callback::of_update",
            Call::CopyFromBaseModel(_) => "a callback for initialize.before_init alone",
        }
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.constructor())
    }
}
