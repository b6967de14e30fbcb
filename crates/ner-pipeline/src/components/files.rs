//! The files of each component.

use ner_doc::Sentencizer;
use ner_layers::Init;
use ner_model::{LayerTree, ModelError};
use ner_thinc::ModelFile;
use ner_transitions::Actions;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::PipelineError;
use crate::components::component::Component;
use crate::recognizer::entity_recognizer::{EntityRecognizer, RecognizerSettings};
use crate::storage::directory::{FileSink, content, json_bytes, read_json};
use crate::storage::files::PipelineFiles;

/// Gives a component what its files hold.
pub(crate) fn load_component(
    files: &mut PipelineFiles,
    name: &str,
    component: &mut Component,
    mut init: Init<'_>,
) -> Result<(), PipelineError> {
    component.check_vectors(name)?;
    match component {
        Component::Tok2Vec(_) => drop(files.take_if_there(&format!("{name}/cfg"))?),
        Component::EntityRecognizer(recognizer) => load_recognizer(files, name, recognizer, &mut init)?,
        Component::Sentencizer(sentencizer) => *sentencizer = load_sentencizer(files, name, sentencizer)?,
        Component::Skipped(_) => {}
    }
    let mut tree = LayerTree::to_read();
    let Some(root) = component.layer(&mut tree) else { return Ok(()) };
    let in_model = |source: ModelError| PipelineError::Model { component: name.to_owned(), source };
    let bytes = files.take(&format!("{name}/model"))?;
    let file = ModelFile::from_bytes(&bytes).map_err(|error| in_model(error.into()))?;
    tree.load(&root, file, component.parameters_mut()).map_err(in_model)
}

/// Writes the files of a component.
pub(crate) fn write_component(
    sink: FileSink<'_>,
    name: &str,
    component: &Component,
    dropout_rate: f64,
) -> Result<(), PipelineError> {
    match component {
        Component::Tok2Vec(_) => sink(&format!("{name}/cfg"), b"{\n\n}")?,
        Component::EntityRecognizer(recognizer) => {
            sink(&format!("{name}/cfg"), &json_bytes(&recognizer_file(recognizer.settings())))?;
            sink(&format!("{name}/moves"), &recognizer.actions().to_bytes())?;
        }
        Component::Sentencizer(sentencizer) => {
            sink(&format!("{name}.json"), &json_bytes(&SentencizerFile::of(sentencizer)))?;
        }
        Component::Skipped(_) => {}
    }
    let mut tree = LayerTree::to_write(dropout_rate);
    let Some(root) = component.layer(&mut tree) else { return Ok(()) };
    let file = ModelFile::from_layers(&root)
        .map_err(|error| PipelineError::Model { component: name.to_owned(), source: error.into() })?;
    sink(&format!("{name}/model"), &file.to_bytes())
}

/// What is known of the file `cfg` of a recogniser; versions of spaCy differ in what they write.
#[derive(Deserialize)]
struct RecognizerFile {
    update_with_oracle_cut_size: Option<u32>,
    beam_width: Option<u32>,
    beam_density: Option<f64>,
    beam_update_prob: Option<f64>,
}

fn load_recognizer(
    files: &mut PipelineFiles,
    name: &str,
    recognizer: &mut EntityRecognizer,
    init: &mut Init<'_>,
) -> Result<(), PipelineError> {
    let path = format!("{name}/moves");
    let actions = Actions::from_bytes(&files.take(&path)?)
        .map_err(|error| content(files.path(&path), error.to_string()))?;
    let path = format!("{name}/cfg");
    let other = read_json(files, &path)?;
    let settings = recognizer.settings().clone();
    let file: RecognizerFile = serde_json::from_value(Value::Object(other.clone()))
        .map_err(|error| content(files.path(&path), error.to_string()))?;
    let settings = RecognizerSettings {
        update_with_oracle_cut_size: file
            .update_with_oracle_cut_size
            .unwrap_or(settings.update_with_oracle_cut_size),
        beam_width: file.beam_width.unwrap_or(settings.beam_width),
        beam_density: file.beam_density.unwrap_or(settings.beam_density),
        beam_update_prob: file.beam_update_prob.unwrap_or(settings.beam_update_prob),
        other,
        ..settings
    };
    recognizer.restore(actions, settings, init);
    Ok(())
}

/// The file `cfg` of a recogniser, with all that it held when it was read.
fn recognizer_file(settings: &RecognizerSettings) -> Value {
    let mut file = json!({
        "moves": null,
        "update_with_oracle_cut_size": settings.update_with_oracle_cut_size,
        "multitasks": [],
        "min_action_freq": 1,
        "learn_tokens": false,
        "beam_width": settings.beam_width,
        "beam_density": settings.beam_density,
        "beam_update_prob": settings.beam_update_prob,
        "incorrect_spans_key": settings.incorrect_spans_key,
    });
    let is_ours =
        |key: &str| key.starts_with("beam_") || key.starts_with("update_") || key.starts_with("incorrect_");
    for (key, value) in settings.other.iter().filter(|(key, _)| !is_ours(key)) {
        file[key] = value.clone();
    }
    file
}

/// The file of a sentencizer.
#[derive(Serialize, Deserialize)]
struct SentencizerFile {
    punct_chars: Option<Vec<String>>,
    overwrite: Option<bool>,
}

impl SentencizerFile {
    fn of(sentencizer: &Sentencizer) -> SentencizerFile {
        SentencizerFile {
            punct_chars: Some(sentencizer.punct_chars().map(str::to_owned).collect()),
            overwrite: Some(sentencizer.overwrites()),
        }
    }
}

fn load_sentencizer(
    files: &mut PipelineFiles,
    name: &str,
    sentencizer: &Sentencizer,
) -> Result<Sentencizer, PipelineError> {
    // spaCy: beside the folders of the other components, not in one of its own (sentencizer.pyx).
    let path = format!("{name}.json");
    let file: SentencizerFile = serde_json::from_slice(&files.take(&path)?)
        .map_err(|error| content(files.path(&path), error.to_string()))?;
    let overwrite = file.overwrite.unwrap_or(sentencizer.overwrites());
    Ok(match file.punct_chars {
        Some(punct_chars) => Sentencizer::new(punct_chars, overwrite),
        None => Sentencizer::with_default_punct_chars(overwrite),
    })
}
