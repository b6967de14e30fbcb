//! A pipeline as a directory, in spaCy's own format.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use ner_config::{Document, Registry};
use ner_layers::Init;
use ner_model::{LayerTree, ModelError};
use ner_thinc::ModelFile;
use ner_tokenizer::Tokenizer;
use ner_transitions::Actions;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::component::Component;
use crate::entity_recognizer::{EntityRecognizer, RecognizerSettings};
use crate::pipeline::Pipeline;
use crate::vocab_directory::{json as json_bytes, read_vocab, write_vocab};
use crate::{Meta, PipelineError};

impl Pipeline {
    /// Opens a directory that spaCy or this crate wrote.
    pub fn load(path: &Path, registry: &Registry, device: &Device) -> Result<Pipeline, PipelineError> {
        let config = Document::read(&path.join("config.cfg"))?;
        let meta = read_json(&path.join("meta.json"))?;
        let lang = config.interpolate()?.get("nlp.lang").and_then(|lang| lang.as_str().map(str::to_owned));
        let lang =
            lang.ok_or_else(|| content(&path.join("config.cfg"), "expected nlp.lang, a language's code"))?;
        let vocab = Arc::new(read_vocab(&path.join("vocab"), &lang)?);
        let tokenizer_path = path.join("tokenizer");
        let tokenizer = Tokenizer::from_bytes(vocab.clone(), &read(&tokenizer_path)?)
            .map_err(|error| content(&tokenizer_path, error.to_string()))?;
        let mut pipeline = Pipeline::assemble(&config, registry, device, tokenizer, vocab)?;
        pipeline.meta = Meta::new(&lang).with(meta);
        for (name, component) in &mut pipeline.components {
            let init = Init::zeros(device).with_vector_width(pipeline.vocab.vectors().width());
            load_component(&path.join(name), name, component, init)?;
        }
        Ok(pipeline)
    }

    /// Writes the pipeline to a directory that spaCy can open. What was there before is replaced in the end, all at
    /// once.
    pub fn save(&self, path: &Path) -> Result<(), PipelineError> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let in_parent = |source| PipelineError::File { path: parent.to_owned(), source };
        fs::create_dir_all(parent).map_err(in_parent)?;
        let temporary = tempfile::Builder::new().prefix(".saving-").tempdir_in(parent).map_err(in_parent)?;
        let new = temporary.path().join("new");
        self.write(&new)?;
        let replace = || -> io::Result<()> {
            if path.exists() {
                fs::rename(path, temporary.path().join("old"))?;
            }
            fs::rename(&new, path)
        };
        replace().map_err(|source| PipelineError::File { path: path.to_owned(), source })
    }

    fn write(&self, path: &Path) -> Result<(), PipelineError> {
        write(&path.join("config.cfg"), self.config.to_cfg_string()?.as_bytes())?;
        write(&path.join("meta.json"), &json_bytes(self.described().values()))?;
        write(&path.join("tokenizer"), &self.tokenizer.to_bytes())?;
        write_vocab(&self.vocab, &path.join("vocab"))?;
        for (name, component) in &self.components {
            write_component(&path.join(name), name, component, self.dropout_rate)?;
        }
        Ok(())
    }

    /// The description, with what follows from the components.
    fn described(&self) -> Meta {
        let names: Vec<&String> = self.components.keys().collect();
        let labels: serde_json::Map<String, Value> = self
            .components
            .iter()
            .map(|(name, component)| (name.clone(), json!(component.labels())))
            .collect();
        let mut meta = self.meta.clone();
        meta.set("labels", Value::Object(labels));
        meta.set("pipeline", json!(names));
        meta.set("components", json!(names));
        meta
    }
}

/// The file `cfg` of a recogniser, in the order of its keys.
#[derive(Debug, Serialize, Deserialize)]
struct RecognizerFile {
    moves: Option<String>,
    update_with_oracle_cut_size: u32,
    multitasks: Vec<String>,
    min_action_freq: u32,
    learn_tokens: bool,
    beam_width: u32,
    beam_density: f64,
    beam_update_prob: f64,
    incorrect_spans_key: Option<String>,
}

fn load_component(
    folder: &Path,
    name: &str,
    component: &mut Component,
    init: Init<'_>,
) -> Result<(), PipelineError> {
    component.check_vectors(name)?;
    if let Component::EntityRecognizer(recognizer) = component {
        load_recognizer(folder, recognizer, init)?;
    }
    let in_model = |source: ModelError| PipelineError::Model { component: name.to_owned(), source };
    let file =
        ModelFile::from_bytes(&read(&folder.join("model"))?).map_err(|error| in_model(error.into()))?;
    let mut tree = LayerTree::to_read();
    let root = component.layer(&mut tree);
    tree.load(&root, file, component.parameters_mut()).map_err(in_model)
}

fn load_recognizer(
    folder: &Path,
    recognizer: &mut EntityRecognizer,
    mut init: Init<'_>,
) -> Result<(), PipelineError> {
    let path = folder.join("moves");
    let actions = Actions::from_bytes(&read(&path)?).map_err(|error| content(&path, error.to_string()))?;
    let path = folder.join("cfg");
    let file: RecognizerFile = serde_json::from_value(Value::Object(read_json(&path)?))
        .map_err(|error| content(&path, error.to_string()))?;
    let settings = RecognizerSettings {
        update_with_oracle_cut_size: file.update_with_oracle_cut_size,
        beam_width: file.beam_width,
        beam_density: file.beam_density,
        beam_update_prob: file.beam_update_prob,
        ..recognizer.settings().clone()
    };
    recognizer.restore(actions, settings, &mut init);
    Ok(())
}

fn write_component(
    folder: &Path,
    name: &str,
    component: &Component,
    dropout_rate: f64,
) -> Result<(), PipelineError> {
    match component {
        Component::Tok2Vec(_) => write(&folder.join("cfg"), b"{\n\n}")?,
        Component::EntityRecognizer(recognizer) => {
            let settings = recognizer.settings();
            let file = RecognizerFile {
                moves: None,
                update_with_oracle_cut_size: settings.update_with_oracle_cut_size,
                multitasks: Vec::new(),
                min_action_freq: 1,
                learn_tokens: false,
                beam_width: settings.beam_width,
                beam_density: settings.beam_density,
                beam_update_prob: settings.beam_update_prob,
                incorrect_spans_key: settings.incorrect_spans_key.clone(),
            };
            write(&folder.join("cfg"), &json_bytes(&file))?;
            write(&folder.join("moves"), &recognizer.actions().to_bytes())?;
        }
    }
    let mut tree = LayerTree::to_write(dropout_rate);
    let root = component.layer(&mut tree);
    let file = ModelFile::from_layers(&root)
        .map_err(|error| PipelineError::Model { component: name.to_owned(), source: error.into() })?;
    write(&folder.join("model"), &file.to_bytes())
}

fn read_json(path: &Path) -> Result<serde_json::Map<String, Value>, PipelineError> {
    serde_json::from_slice(&read(path)?).map_err(|error| content(path, error.to_string()))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, PipelineError> {
    fs::read(path).map_err(|source| PipelineError::File { path: path.to_owned(), source })
}

pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, PipelineError> {
    if path.exists() { read(path).map(Some) } else { Ok(None) }
}

/// Writes a file and the folders that it stands in.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), PipelineError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|source| PipelineError::File { path: path.to_owned(), source })
}

pub(crate) fn content(path: &Path, message: impl Into<String>) -> PipelineError {
    PipelineError::Content { path: path.to_owned(), message: message.into() }
}
