//! A pipeline as files, in spaCy's own format.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{ConfigError, Document, Registry};
use ner_files::{FileMap, replace_directory};
use ner_layers::Init;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use serde_json::{Map, Value, json};

use crate::assembly::assemble::{Nlp, is_registered_tokenizer};
use crate::components::component::Component;
use crate::components::files::{load_component, write_component};
use crate::components::ordered::Components;
use crate::pipeline::Pipeline;
use crate::storage::files::{PipelineFiles, UnreadFile};
use crate::storage::vocab::{LOOKUPS, VocabFiles, write_vocab};
use crate::{LoadOptions, Meta, PipelineError};

/// Where the files of a pipeline are written to, by their paths within it.
pub(crate) type FileSink<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<(), PipelineError>;

impl Pipeline {
    /// Opens what spaCy or this crate wrote: a directory, or a Python package of one as [`PipelineFiles::open`] reads
    /// it.
    pub fn load(path: &Path, registry: &Registry, device: &Device) -> Result<Pipeline, PipelineError> {
        Pipeline::from_files(PipelineFiles::open(path)?, &LoadOptions::default(), registry, device)
    }

    /// Makes a pipeline of its files.
    ///
    /// Components of a kind that is not known here are skipped with a warning, and written again when the pipeline is
    /// saved, as is every other file that means nothing here.
    pub fn from_files(
        mut files: PipelineFiles,
        options: &LoadOptions,
        registry: &Registry,
        device: &Device,
    ) -> Result<Pipeline, PipelineError> {
        let config = files.config()?;
        let path = files.path("config.cfg");
        let in_config = |error| match error {
            PipelineError::Config(source) => {
                PipelineError::Config(ConfigError::InFile { path: path.clone(), source: Box::new(source) })
            }
            other => other,
        };
        let nlp: Nlp = config
            .resolve()
            .and_then(|config| config.section("nlp"))
            .map_err(|error| in_config(error.into()))?;
        drop(files.take("config.cfg")?);
        let meta = read_json(&mut files, "meta.json")?;
        let vocab = VocabFiles::take(&mut files, &nlp.lang)?;
        let vector_width = vocab.vector_width();
        let tokenizer = match &nlp.tokenizer {
            Some(block) if !is_registered_tokenizer(block, registry) => {
                TokenizerFile::Elsewhere(block.named().map_or("another program", |(_, name)| name))
            }
            _ => {
                nlp.check_tokenizer(registry).map_err(|error| in_config(error.into()))?;
                TokenizerFile::Rules(files.take_unread("tokenizer")?)
            }
        };
        // Words and weights at the same time.
        let (tokenizer, components) = rayon::join(
            || tokenizer.read(Arc::new(vocab.read()?)),
            || load_components(&mut files, &config, &nlp, vector_width, options, (registry, device)),
        );
        let (tokenizer, components) = (tokenizer?, components.map_err(in_config)?);
        let mut pipeline = Pipeline::new(&config, &nlp, tokenizer, components, device);
        pipeline.meta = Meta::of_file(meta, &nlp.lang);
        for component in pipeline.components.values() {
            if let Component::EntityRecognizer(recognizer) = component {
                // Known from the start, they do not make whoever writes entities read all strings of the vocabulary.
                recognizer.labels().iter().for_each(|label| {
                    pipeline.vocab.strings().add(label);
                });
            }
        }
        if !options.only_predict {
            pipeline.kept = files.take_all(|_| true)?;
        }
        Ok(pipeline)
    }

    /// Writes the pipeline to a directory that spaCy can open. An existing one is replaced as a whole, as the last step.
    pub fn save(&self, path: &Path) -> Result<(), PipelineError> {
        replace_directory(path, |new| self.write(&mut |name, bytes| Ok(new.write(name, bytes)?)))
    }

    /// The files that [`Pipeline::save`] writes.
    pub fn to_files(&self) -> Result<FileMap, PipelineError> {
        let mut files = FileMap::new();
        self.write(&mut |name, bytes| {
            files.insert(name.to_owned(), bytes.to_vec());
            Ok(())
        })?;
        Ok(files)
    }

    fn write(&self, sink: FileSink<'_>) -> Result<(), PipelineError> {
        sink("config.cfg", self.described_config().to_cfg_string()?.as_bytes())?;
        sink("meta.json", &json_bytes(self.described().values()))?;
        if !self.tokenizer.is_elsewhere() {
            sink("tokenizer", &self.tokenizer.to_bytes())?;
        }
        write_vocab(&self.vocab, !self.kept.contains_key(LOOKUPS), sink)?;
        for (name, component) in self.components.iter() {
            write_component(sink, name, component, self.dropout_rate)?;
        }
        self.kept.iter().try_for_each(|(name, bytes)| sink(name, bytes))
    }

    /// The config, with the components that are there and those that do not run.
    fn described_config(&self) -> Document {
        let mut config = self.config.clone();
        let names: Vec<String> = self.components.keys().cloned().collect();
        let disabled: Vec<String> = self.disabled().map(str::to_owned).collect();
        let components = config.get("components").and_then(ner_config::Value::as_table).cloned();
        if let Some(mut components) = components {
            components.retain(|name, _| names.contains(name));
            config.set("components", components);
        }
        config.set("nlp.pipeline", names);
        config.set("nlp.disabled", disabled);
        config
    }

    /// The description, with what follows from the components and the vocabulary.
    pub fn described(&self) -> Meta {
        let mut meta = self.meta.clone();
        let named = |name: &String| meta.get("labels").and_then(|labels| labels.get(name)).cloned();
        let labels: Map<String, Value> = self
            .components
            .iter()
            .filter_map(|(name, component)| match component {
                Component::Skipped(_) => Some((name.clone(), named(name)?)),
                component => Some((name.clone(), json!(component.labels()))),
            })
            .collect();
        let running: Vec<&String> = self.running().map(|(name, _)| name).collect();
        meta.set_vectors(self.vocab.vectors());
        meta.set("labels", Value::Object(labels));
        meta.set("pipeline", json!(running));
        meta.set("components", json!(self.components.keys().collect::<Vec<_>>()));
        meta.set("disabled", json!(self.disabled().collect::<Vec<_>>()));
        meta
    }
}

/// The components of a pipeline with what their files hold.
fn load_components(
    files: &mut PipelineFiles,
    config: &Document,
    nlp: &Nlp,
    vector_width: usize,
    options: &LoadOptions,
    (registry, device): (&Registry, &Device),
) -> Result<Components, PipelineError> {
    let mut components =
        Components::assemble(config, registry, device, vector_width, options, IndexMap::new())?;
    if options.only_predict {
        components.leave_out_unheard();
    }
    let left_out = nlp.pipeline.iter().filter(|name| !components.contains_key(*name));
    left_out.for_each(|name| files.forget_component(name));
    for (name, component) in components.iter_mut() {
        let init = Init::zeros(device).with_vector_width(vector_width);
        load_component(files, name, component, init)?;
    }
    Ok(components)
}

/// Where a pipeline's tokeniser comes from.
enum TokenizerFile<'a> {
    /// A program that is no part of this one.
    Elsewhere(&'a str),
    Rules(UnreadFile),
}

impl TokenizerFile<'_> {
    fn read(self, vocab: Arc<Vocab>) -> Result<Tokenizer, PipelineError> {
        match self {
            TokenizerFile::Elsewhere(program) => Ok(Tokenizer::elsewhere(vocab, program)),
            TokenizerFile::Rules(file) => {
                let path = file.path.clone();
                Tokenizer::from_bytes(vocab, &file.read()?).map_err(|error| content(path, error.to_string()))
            }
        }
    }
}

impl PipelineFiles {
    /// The pipeline's config, with its variables.
    pub fn config(&self) -> Result<Document, PipelineError> {
        let path = self.path("config.cfg");
        let text = String::from_utf8(self.read("config.cfg")?)
            .map_err(|_| content(path.clone(), "expected text in UTF-8"))?;
        let in_file = |source| ConfigError::InFile { path, source: Box::new(source) };
        Ok(Document::from_cfg_str(&text).map_err(in_file)?)
    }
}

pub(crate) fn read_json(files: &mut PipelineFiles, name: &str) -> Result<Map<String, Value>, PipelineError> {
    serde_json::from_slice(&files.take(name)?).map_err(|error| content(files.path(name), error.to_string()))
}

/// A value as readable JSON.
pub(crate) fn json_bytes(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("strings and numbers are always JSON")
}

pub(crate) fn content(path: PathBuf, message: impl Into<String>) -> PipelineError {
    PipelineError::Content { path, message: message.into() }
}
