use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use indexmap::IndexMap;
use ner_config::{Document, NlpConfig, Registry};
use ner_model::PYTHON_LAYERS;
use ner_tokenizer::{SplitText, Tokenizer, TokenizerSource};
use ner_vocab::Vocab;

use super::files::{PipelineFiles, UnreadFile};
use super::json::{damaged, read_json};
use super::model::load_component;
use super::vocab::VocabFiles;
use crate::assembly::{Assembly, is_registered_tokenizer, tokenizer_source};
use crate::callbacks::CreationCallbacks;
use crate::components::Components;
use crate::{LoadOptions, Meta, Pipeline, PipelineError};

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
        let written = files.config()?;
        let path = files.path("config.cfg");
        let in_config = |error| match error {
            PipelineError::Config(source) => PipelineError::Config(written.locate(source).in_file(&path)),
            other => other,
        };
        let (config, mut callbacks) = before_creation(&written, registry).map_err(in_config)?;
        let resolved = config.resolve().map_err(|error| in_config(error.into()))?;
        let nlp: NlpConfig = resolved.section("nlp").map_err(|error| in_config(error.into()))?;
        // Taken out, lest they be kept among the files that mean nothing here.
        drop(files.take("config.cfg")?);
        files.take_if_there(PYTHON_LAYERS.0)?;
        let meta = read_json(&mut files, "meta.json")?;
        let vocab = VocabFiles::take(&mut files, &nlp.lang)?;
        let vector_width = vocab.vector_width();
        let assembly = Assembly { config: &resolved, nlp: &nlp, registry, device, vector_width, options };
        let tokenizer = TokenizerFile::take(&mut files, &nlp, registry).map_err(in_config)?;
        // Reading words and rules takes as long as decoding the weights, so both are done at the same time.
        let (tokenizer, components) = rayon::join(
            || tokenizer.read(Arc::new(vocab.read()?)),
            || load_components(&mut files, &assembly),
        );
        let (tokenizer, components) = (tokenizer?, components.map_err(in_config)?);
        let mut pipeline = Pipeline::new(config, &nlp.lang, tokenizer, device);
        pipeline.meta = Meta::of_file(meta, &nlp.lang);
        callbacks.after_creation(&mut pipeline)?;
        callbacks.complete(&mut pipeline, components)?;
        // Known from the start, the labels do not make the first prediction read all strings of the vocabulary.
        for label in pipeline.components.values().flat_map(|component| component.labels()) {
            pipeline.vocab.strings().add(&label);
        }
        if !options.only_predict {
            pipeline.kept = files.take_all(|_| true)?;
        }
        Ok(pipeline)
    }
}

/// The config as it is to be, and the callbacks that come later.
fn before_creation(
    written: &Document,
    registry: &Registry,
) -> Result<(Document, CreationCallbacks), PipelineError> {
    let mut callbacks = CreationCallbacks::of(&written.resolve()?.section("nlp")?, registry)?;
    Ok((callbacks.before_creation(written.clone())?, callbacks))
}

/// The components of a pipeline, loaded from their files.
fn load_components(files: &mut PipelineFiles, assembly: &Assembly<'_>) -> Result<Components, PipelineError> {
    let mut components = assembly.components(IndexMap::new())?;
    if assembly.options.only_predict {
        components.remove_unheard();
    }
    let left_out = assembly.nlp.pipeline.iter().filter(|name| !components.contains_key(*name));
    // What is left out on purpose is not kept either: no component in a saved pipeline would own these files.
    left_out.for_each(|name| files.forget_component(name));
    let names: Vec<String> = components.keys().cloned().collect();
    for name in &names {
        // Known at the latest now that the component before has its weights.
        let width = components.width_above(name);
        let component = &mut *components[name];
        if let Some(width) = width {
            component.set_upstream_width(width);
        }
        load_component(files, name, component, assembly.init())?;
    }
    components.warn_of_skipped();
    Ok(components)
}

/// The source of a pipeline's tokenizer, with the file of its rules if it has some.
enum TokenizerFile {
    Rules(UnreadFile),
    Splitter(Arc<dyn SplitText>),
    Elsewhere(String),
}

impl TokenizerFile {
    fn take(
        files: &mut PipelineFiles,
        nlp: &NlpConfig,
        registry: &Registry,
    ) -> Result<TokenizerFile, PipelineError> {
        let source = match &nlp.tokenizer {
            Some(block) if !is_registered_tokenizer(block, registry) => {
                let program = block.named().map_or("another program", |(_, name)| name);
                TokenizerSource::Elsewhere(program.to_owned())
            }
            _ => tokenizer_source(nlp, registry)?,
        };
        Ok(match source {
            TokenizerSource::Rules => TokenizerFile::Rules(files.take_unread("tokenizer")?),
            TokenizerSource::Splitter(splitter) => {
                // Taken out, lest they be kept beside those that it writes itself.
                for (name, _) in splitter.files() {
                    files.take_if_there(name)?;
                }
                TokenizerFile::Splitter(splitter)
            }
            TokenizerSource::Elsewhere(program) => TokenizerFile::Elsewhere(program),
        })
    }

    fn read(self, vocab: Arc<Vocab>) -> Result<Tokenizer, PipelineError> {
        match self {
            TokenizerFile::Elsewhere(program) => Ok(Tokenizer::elsewhere(vocab, &program)),
            TokenizerFile::Splitter(splitter) => Ok(Tokenizer::with_splitter(vocab, splitter)),
            TokenizerFile::Rules(file) => {
                let path = file.path.clone();
                let bytes = file.read()?;
                Tokenizer::from_bytes(vocab, &bytes).map_err(|error| damaged(path, &bytes, error))
            }
        }
    }
}

impl PipelineFiles {
    /// The pipeline's config, with its variables.
    pub fn config(&self) -> Result<Document, PipelineError> {
        Ok(Document::from_bytes(&self.read("config.cfg")?, &self.path("config.cfg"))?)
    }
}
