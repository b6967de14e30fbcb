use std::collections::BTreeSet;
use std::sync::Arc;

use burn::tensor::Device;
use ner_config::{ConfigError, Document, NlpConfig, Registry, Value};
use ner_vocab::Vectors;

use super::base_model::BaseModel;
use super::encoder_sources::encoder_sources;
use super::sourced::Sourced;
use crate::assembly::{Assembly, first_vectors, tokenizer_source};
use crate::callbacks::CreationCallbacks;
use crate::{LoadOptions, Pipeline, PipelineError};

impl Pipeline {
    /// The pipeline of a config, with weights and labels still to come. Most languages have their tokenizer built in;
    /// that of others comes from a pipeline that `[initialize.before_init]` names, and static vectors come from the one
    /// that `initialize.vectors` names. Such a name is a path, or that of a package in a folder that the registry knows.
    pub fn from_config(
        config: &Document,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        Pipeline::create(config, None, registry, device).map_err(|error| located(error, config))
    }

    /// The same with static vectors that no other pipeline has yet, unless the config names some that one has.
    pub fn with_vectors(
        config: &Document,
        vectors: Vectors,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        Pipeline::create(config, Some(vectors), registry, device).map_err(|error| located(error, config))
    }

    fn create(
        config: &Document,
        vectors: Option<Vectors>,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        let mut callbacks = CreationCallbacks::of(&config.resolve()?.section("nlp")?, registry)?;
        let config = &callbacks.before_creation(config.clone())?;
        let resolved = config.resolve()?;
        let base = BaseModel::of(&resolved, registry)?;
        let nlp: NlpConfig = resolved.section("nlp")?;
        let first = vectors.map_or_else(|| first_vectors(&nlp, registry), Ok)?;
        let (vocab, kept) = base.vocab(&nlp.lang, first)?;
        let sourced = Sourced::take(config, &resolved, &vocab, registry, device)?;
        let tokenizer = base.tokenizer(tokenizer_source(&nlp, registry)?, Arc::new(vocab))?;
        let names: BTreeSet<String> = sourced.components.keys().cloned().collect();
        let config = sourced.complete_config(&nlp.pipeline, registry)?;
        let resolved = config.resolve()?;
        let nlp: NlpConfig = resolved.section("nlp")?;
        let mut pipeline = Pipeline::new(config, &nlp.lang, tokenizer, device);
        callbacks.after_creation(&mut pipeline)?;
        let assembly = Assembly {
            config: &resolved,
            nlp: &nlp,
            registry,
            device,
            vector_width: pipeline.vocab.vectors().width(),
            // A component that is not known here can be taken over with its files, but not made.
            options: &LoadOptions { strict: true, ..LoadOptions::default() },
        };
        let components = assembly.components(sourced.components)?;
        components.warn_of_skipped();
        pipeline.meta.set("labels", sourced.labels.into());
        pipeline.kept.extend(kept.into_iter().chain(sourced.kept));
        pipeline.sourced = names;
        pipeline.encoder_sources = encoder_sources(&resolved, &nlp, registry)?;
        callbacks.complete(&mut pipeline, components)?;
        Ok(pipeline)
    }
}

fn located(error: PipelineError, config: &Document) -> PipelineError {
    match error {
        PipelineError::Config(error) => config.locate(with_variable(error, config)).into(),
        other => other,
    }
}

/// An error about the value of a variable names the variable, since that is where the value is to be changed.
fn with_variable(error: ConfigError, config: &Document) -> ConfigError {
    let ConfigError::Value { path, message } = error else { return error };
    let written = config.get(&path).and_then(Value::as_str);
    let variable = written.and_then(|written| written.strip_prefix("${")?.strip_suffix('}'));
    let message = variable.map(|variable| format!("{message}; it is set in {variable}")).unwrap_or(message);
    ConfigError::Value { path, message }
}
